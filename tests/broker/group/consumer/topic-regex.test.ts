import { expect, test } from 'vitest'
import { matchTopics, topicRegexProblem } from '../../../../broker/group/consumer/topic-regex.ts'

test('the whole name of a topic must match', () => {
  expect(matchTopics('or', ['orders', 'or'])).toEqual(['or'])
  expect(matchTopics('or.*', ['orders', 'or', 'more'])).toEqual(['or', 'orders'])
})

test.each(['(?=a)b', '(a)\\1', '(', 'a{1001}', 'x'.repeat(10_001)])('%s is no expression of RE2', (pattern) => {
  expect(topicRegexProblem(pattern)).toBeDefined()
  expect(matchTopics(pattern, ['a'])).toEqual([])
})

test('a pattern that makes a backtracking matcher hang is answered at once', () => {
  const topics = Array.from({ length: 500 }, (_, i) => `${'a'.repeat(200)}${i}!`)
  expect(matchTopics('(a+)+b|(a|aa)+c|(.*a){20}d', topics)).toEqual([])
})

test('an expression that would grow beyond bounds is refused', () => {
  expect(topicRegexProblem('((((a{100}){100}){100}){100})')).toBeDefined()
})
