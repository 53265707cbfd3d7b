import type { Formats } from '../formats.ts'

type Noun = (count: number, formats: Formats) => string

export const brokers = noun('broker', 'brokers')
export const groups = noun('group', 'groups')
export const members = noun('member', 'members')
export const partitions = noun('partition', 'partitions')
export const records = noun('record', 'records')
export const replicas = noun('replica', 'replicas')
export const topics = noun('topic', 'topics')

function noun(singular: string, plural: string): Noun {
  return (count, formats) => `${formats.count(count)} ${count === 1 ? singular : plural}`
}
