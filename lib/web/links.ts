import type { Subject } from '../format/sentence.ts'
import { joinPath } from './resource-key.ts'

export type PageName = 'overview' | 'topics' | 'groups' | 'brokers' | 'records' | 'alerts' | 'changes'

export function pageHref(cluster: string, page: PageName): string {
  const root = `/${joinPath('clusters', cluster)}`
  return page === 'overview' ? root : `${root}/${page}`
}

export const topicHref = (cluster: string, topic: string) => `/${joinPath('clusters', cluster, 'topics', topic)}`
export const newTopicHref = (cluster: string) => `/${joinPath('clusters', cluster, 'topics', 'new')}`
export const groupHref = (cluster: string, group: string) => `/${joinPath('clusters', cluster, 'groups', group)}`
export const brokerHref = (cluster: string, broker: string | number) =>
  `/${joinPath('clusters', cluster, 'brokers', broker)}`

export function subjectHref(cluster: string, subject: Subject): string {
  switch (subject.kind) {
    case 'topic':
      return topicHref(cluster, subject.id)
    case 'group':
      return groupHref(cluster, subject.id)
    case 'broker':
      return brokerHref(cluster, subject.id)
    case 'cluster':
      return pageHref(cluster, 'topics')
  }
}
