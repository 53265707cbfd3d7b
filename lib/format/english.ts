import { access } from './english/access.ts'
import { alerts } from './english/alerts.ts'
import { brokers } from './english/brokers.ts'
import { changes } from './english/changes.ts'
import { events } from './english/events.ts'
import { frame } from './english/frame.ts'
import { groups } from './english/groups.ts'
import { overview } from './english/overview.ts'
import { records } from './english/records.ts'
import { topicActs } from './english/topic-acts.ts'
import { topics } from './english/topics.ts'
import { verdicts } from './english/verdicts.ts'
import { common } from './english/words.ts'

export const english = {
  frame,
  common,
  verdicts,
  events,
  overview,
  topics,
  topicActs,
  groups,
  brokers,
  records,
  alerts,
  changes,
  access,
}

/** Every word and sentence of the screens. Each language has all of them, whole. */
export type Dictionary = typeof english
