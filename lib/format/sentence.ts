export interface Subject {
  kind: 'cluster' | 'broker' | 'topic' | 'group'
  id: string
}

/** A run of text; `strong` carries the weight of the sentence, `subject` is a link to what it names. */
export interface Piece {
  text: string
  strong?: boolean
  subject?: Subject
}

/** One whole sentence of one language, with its emphasis and links. */
export type Sentence = readonly Piece[]

/** Writes a sentence as a template: plain values become text, pieces keep their emphasis and links. */
export function sentence(strings: TemplateStringsArray, ...values: (string | number | Piece)[]): Sentence {
  const pieces: Piece[] = []
  strings.forEach((text, index) => {
    append(pieces, { text })
    const value = values[index]
    if (value !== undefined) append(pieces, typeof value === 'object' ? value : { text: String(value) })
  })
  return pieces
}

export function strong(text: string): Piece {
  return { text, strong: true }
}

export function link(kind: Subject['kind'], id: string | number, text = String(id)): Piece {
  return { text, subject: { kind, id: String(id) } }
}

/** Several sentences that are read one after the other. */
export function paragraph(separator: string, ...sentences: Sentence[]): Sentence {
  const spoken = sentences.filter((each) => each.length > 0)
  return spoken.flatMap((each, index) => (index === 0 ? each : [{ text: separator }, ...each]))
}

export function sentenceText(pieces: Sentence): string {
  return pieces.map((piece) => piece.text).join('')
}

function append(pieces: Piece[], piece: Piece): void {
  if (piece.text === '') return
  const last = pieces.at(-1)
  const isPlain = piece.strong === undefined && piece.subject === undefined
  if (isPlain && last !== undefined && last.strong === undefined && last.subject === undefined) {
    pieces[pieces.length - 1] = { text: last.text + piece.text }
  } else {
    pieces.push(piece)
  }
}
