import type { GroupProgress } from '../../contract/group.ts'
import type { ProblemCode } from '../../contract/problem.ts'
import type { Health } from '../../contract/scalars.ts'

const health: Record<Health, string> = { ok: 'well', atRisk: 'at risk', critical: 'critical', unknown: 'unknown' }

const progress: Record<GroupProgress, string> = {
  keepingUp: 'keeping up',
  catchingUp: 'catching up',
  fallingBehind: 'falling behind',
  stuck: 'stuck',
  stopped: 'stopped',
  idle: 'idle',
  notCommitting: 'not committing',
  unknown: 'unknown',
}

const problems: Record<ProblemCode | 'unreachable_console', string> = {
  invalid_request: 'The request was not understood.',
  unauthenticated: 'The session has ended. Sign in again.',
  forbidden: 'Your role does not allow this. An admin can change it.',
  not_found: 'It is not there any more.',
  conflict: 'It already exists.',
  kafka_refused: 'The cluster refused.',
  cluster_unreachable: 'The cluster cannot be reached.',
  not_ready: 'The console is still starting.',
  too_many_requests: 'Too many tries. Wait a minute.',
  internal: 'The console failed. Its log says why.',
  unreachable_console: 'The console does not answer. It is tried again by itself.',
}

/** Words that more than one screen uses. */
export const common = {
  health,
  progress,
  problems,
  filter: 'Filter',
  filterKey: 'press /',
  columns: 'Columns',
  orderChanged: 'Order changed',
  applyOrder: 'Show the new order',
  rowsOf: (shown: string, total: string) => `${shown} of ${total}`,
  nothingMatches: 'Nothing matches the filter.',
  clearFilter: 'Clear the filter',
  copy: 'Copy',
  copied: 'Copied',
  cancel: 'Cancel',
  close: 'Close',
  save: 'Save',
  retry: 'Try again',
  more: 'More',
  ago: (age: string) => `${age} ago`,
  failed: (what: string) => `${what} could not be read`,
  failedSince: (time: string, age: string) => `since ${time} (${age})`,
  showingLast: (age: string) => `Shown is what was read ${age} ago.`,
  showingNothing: 'There is nothing older to show.',
  unknownNotRead: 'Not read yet',
  unknownNoCommit: 'The group has committed no offset here',
  unknownNoHistory: 'Needs two rounds to tell',
  unknownBroker: 'The broker did not tell',
  atLeast: (text: string) => `≥ ${text}`,
  atLeastReason: 'Our history is shorter than the lag: it is at least this.',
  last: 'Last',
  min: 'Min',
  mean: 'Mean',
  max: 'Max',
  now: 'now',
  noHistory: 'No history in this range yet. It fills from now on, every few seconds.',
  isolate: 'Show only this one',
  chartHint: 'Drag over the chart to look closer.',
  loading: 'Reading',
  language: { en: 'English', zh: '中文' },
}
