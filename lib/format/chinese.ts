import { access } from './chinese/access.ts'
import { alerts } from './chinese/alerts.ts'
import { brokers } from './chinese/brokers.ts'
import { changes } from './chinese/changes.ts'
import { events } from './chinese/events.ts'
import { frame } from './chinese/frame.ts'
import { groups } from './chinese/groups.ts'
import { overview } from './chinese/overview.ts'
import { records } from './chinese/records.ts'
import { topicActs } from './chinese/topic-acts.ts'
import { topics } from './chinese/topics.ts'
import { verdicts } from './chinese/verdicts.ts'
import { common } from './chinese/words.ts'
import type { Dictionary } from './english.ts'

export const chinese: Dictionary = {
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
