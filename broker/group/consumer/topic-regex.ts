import { RE2JS, RE2JSException } from 're2js'

/** Longer ones are refused: RE2 is linear in the text, and in the pattern's size, which this bounds. */
const patternCharactersMax = 10_000

/**
 * What is wrong with a subscription's regular expression. They are RE2's (KIP-848): no look-around and no back-references,
 * so that matching takes time in proportion to the text, which JavaScript's own RegExp does not promise.
 */
export function topicRegexProblem(pattern: string): string | undefined {
  if (pattern.length > patternCharactersMax) return `longer than ${patternCharactersMax} characters`
  try {
    RE2JS.compile(pattern)
    return undefined
  } catch (error) {
    if (!(error instanceof RE2JSException)) throw error
    return error.message
  }
}

/** The topics whose whole name matches, in the order of their names. */
export function matchTopics(pattern: string, topics: Iterable<string>): string[] {
  if (topicRegexProblem(pattern) !== undefined) return []
  const regex = RE2JS.compile(pattern)
  return [...topics].filter((topic) => regex.matches(topic)).sort()
}
