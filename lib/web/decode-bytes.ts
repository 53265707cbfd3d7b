import type { RecordBytes } from '../contract/record.ts'

export type BytesView = 'auto' | 'text' | 'json' | 'hex'

export interface DecodedBytes {
  text: string
  view: Exclude<BytesView, 'auto'>
  sizeBytes: number
  /** JSON was asked for and it is none. */
  isFallback: boolean
}

export function decodeBytes({ base64, looksLike }: RecordBytes, view: BytesView): DecodedBytes {
  const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))
  const sizeBytes = bytes.length
  if (view === 'hex' || (view === 'auto' && looksLike === 'binary')) {
    return { text: dumpHex(bytes), view: 'hex', sizeBytes, isFallback: false }
  }
  const text = new TextDecoder().decode(bytes)
  if (view === 'text' || (view === 'auto' && looksLike !== 'json')) {
    return { text, view: 'text', sizeBytes, isFallback: false }
  }
  const isJson = isJsonText(text)
  return isJson
    ? { text: indentJson(text), view: 'json', sizeBytes, isFallback: false }
    : { text, view: 'text', sizeBytes, isFallback: view === 'json' }
}

/** `00000010  7b 22 6f …  {"order…` */
function dumpHex(bytes: Uint8Array): string {
  const lines: string[] = []
  for (let start = 0; start < bytes.length; start += 16) {
    const row = [...bytes.subarray(start, start + 16)]
    const hex = row.map((byte) => byte.toString(16).padStart(2, '0')).join(' ')
    const ascii = row.map((byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.')).join('')
    lines.push(`${start.toString(16).padStart(8, '0')}  ${hex.padEnd(47)}  ${ascii}`)
  }
  return lines.join('\n')
}

function isJsonText(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch (error) {
    if (error instanceof SyntaxError) return false
    throw error
  }
}

/**
 * Indents valid JSON without parsing its numbers: a 64-bit id stays what it is, where JSON.stringify(JSON.parse(text))
 * would round it.
 */
function indentJson(text: string): string {
  const tokens = text.match(/"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/g) ?? []
  let depth = 0
  let indented = ''
  tokens.forEach((token, index) => {
    const isEmpty = (token === '{' && tokens[index + 1] === '}') || (token === '[' && tokens[index + 1] === ']')
    const closesEmpty = (token === '}' && tokens[index - 1] === '{') || (token === ']' && tokens[index - 1] === '[')
    const newLine = () => `\n${'  '.repeat(depth)}`
    if ((token === '{' || token === '[') && !isEmpty) {
      depth += 1
      indented += token + newLine()
    } else if ((token === '}' || token === ']') && !closesEmpty) {
      depth -= 1
      indented += newLine() + token
    } else if (token === ',') {
      indented += token + newLine()
    } else {
      indented += token === ':' ? ': ' : token
    }
  })
  return indented
}
