import type { AlertRuleId, IncidentState, Severity } from '../../contract/alert.ts'

const rules: Record<AlertRuleId, { name: string; detail: string }> = {
  under_replicated: {
    name: 'Under-replicated partitions',
    detail: 'A partition has fewer replicas in sync than it should. One more failure may make it unavailable.',
  },
  offline_partitions: {
    name: 'Offline partitions',
    detail: 'A partition has no leader: it can be neither read nor written.',
  },
  broker_down: { name: 'Broker down', detail: 'A broker that was part of the cluster does not answer.' },
}
const severities: Record<Severity, string> = { critical: 'critical', warning: 'warning', info: 'info' }
const states: Record<IncidentState, string> = {
  pending: 'pending',
  firing: 'firing',
  recovering: 'recovering',
  resolved: 'resolved',
}

export const alerts = {
  title: 'Alerts',
  rules,
  severities,
  states,
  tabs: { incidents: 'Incidents', rules: 'Rules', channels: 'Channels' },
  open: 'Open',
  recent: 'Resolved',
  verdictQuiet: 'No alert is open.',
  verdictOpen: (firing: number, pending: number) =>
    firing === 0
      ? `${pending} ${pending === 1 ? 'condition is' : 'conditions are'} met but ${pending === 1 ? 'has' : 'have'} not lasted long enough to fire.`
      : `${firing} ${firing === 1 ? 'alert is' : 'alerts are'} firing.`,
  evaluated: (age: string) => `Rules were evaluated ${age} ago.`,
  notEvaluated: 'Rules have not been evaluated yet.',
  nothingRecent: 'Nothing has been resolved yet',
  nothingRecentDetail: 'Incidents stay here after they are resolved, with who was told and when.',
  what: 'What',
  state: 'State',
  severity: 'Severity',
  since: 'Since',
  fired: 'Fired',
  resolved: 'Resolved',
  lasted: 'Lasted',
  told: 'Told',
  deliveryStatus: { waiting: 'waiting', delivered: 'delivered', failed: 'failed' },
  deliveryKinds: { fire: 'fire', resolve: 'resolve', test: 'test' },
  toldNobody: 'nobody: no channel',
  rule: 'Rule',
  isEnabled: 'On',
  for: 'For',
  forHelp: 'The condition must hold this long before anyone is told.',
  keepFiring: 'Resolve after',
  keepFiringHelp: 'The condition must be gone this long before it is resolved.',
  seconds: 's',
  secondsFault: 'A whole number of seconds, up to 86,400.',
  saved: 'Saved',
  saveRule: 'Save rule',
  channelsEmpty: 'Nobody is told yet',
  channelsEmptyDetail:
    'A webhook receives each alert when it fires and when it is resolved. Any program that takes a POST will do.',
  addChannel: 'Add webhook',
  editChannel: 'Edit webhook',
  channelName: 'Name',
  channelUrl: 'Address',
  channelUrlHelp: 'Receives a POST with the Alertmanager v4 body.',
  channelSecret: 'Secret',
  channelSecretHelp: 'Signs each delivery with HMAC-SHA256.',
  channelSecretKept: 'Empty keeps the secret that is stored.',
  channelEnabled: 'Send alerts here',
  signed: 'signed',
  unsigned: 'not signed',
  off: 'off',
  lastDelivery: 'Last delivery',
  neverDelivered: 'nothing sent yet',
  attempts: (count: number) => (count === 1 ? '1 try' : `${count} tries`),
  test: 'Send a test',
  deleteChannel: 'Delete webhook',
  deleteChannelDetail: (name: string) => `${name} is told of nothing any more.`,
}
