import type { Random } from '../simulation/random.ts'

/** The unit in which a loss of power takes data. */
const pageBytes = 512

interface FileChange {
  position: number
  /** Undefined: cut at `position`. */
  bytes: Buffer | undefined
}

/** A file, whatever it is called. */
export class FileNode {
  /** As programs see it. Replaced by each change, never changed. */
  content: Buffer
  durable: Buffer
  /** Since the last sync. */
  unsynced: readonly FileChange[] = []

  constructor(content: Buffer = nothing) {
    this.content = content
    this.durable = content
  }
}

export class DirectoryNode {
  entries = new Map<string, Node>()
  durable: ReadonlyMap<string, Node> = new Map()
  /** Since the last sync, in order: a name and what it stands for from then on. */
  unsynced: readonly [name: string, node: Node | undefined][] = []

  set(name: string, node: Node | undefined): void {
    setEntry(this.entries, name, node)
    this.unsynced = [...this.unsynced, [name, node]]
  }
}

export type Node = FileNode | DirectoryNode

/**
 * What a crash takes: of a killed process nothing, of the machine what was not synced. `some`: any pages of the writes and
 * cuts of each file, and of each folder the later part of its changes, as a journal would have it.
 */
export type Loss = 'nothing' | 'everything' | 'some'

const nothing: Buffer = Buffer.alloc(0)

function setEntry(entries: Map<string, Node>, name: string, node: Node | undefined): void {
  if (node === undefined) entries.delete(name)
  else entries.set(name, node)
}

/** Notes a write or a cut that a loss of power may take. */
export function change(file: FileNode, made: FileChange): void {
  file.content = applied(file.content, made)
  file.unsynced = [...file.unsynced, made]
}

function applied(content: Buffer, { position, bytes }: FileChange): Buffer {
  if (bytes === undefined) {
    return position <= content.length
      ? content.subarray(0, position)
      : Buffer.concat([content, zeros(content, position)])
  }
  const end = position + bytes.length
  const before = position <= content.length ? content.subarray(0, position) : [content, zeros(content, position)]
  return Buffer.concat([before, bytes, content.subarray(end)].flat())
}

function zeros(content: Buffer, upTo: number): Buffer {
  return Buffer.alloc(upTo - content.length)
}

/** What a crash leaves of a folder and all that is in it. */
export function survivingDirectory(directory: DirectoryNode, loss: Loss, random: Random): DirectoryNode {
  const entries = new Map(loss === 'nothing' ? directory.entries : directory.durable)
  if (loss === 'some') {
    const kept = random.integer(directory.unsynced.length + 1)
    for (const [name, node] of directory.unsynced.slice(0, kept)) setEntry(entries, name, node)
  }
  const surviving = new DirectoryNode()
  for (const [name, node] of entries) {
    const copy =
      node instanceof DirectoryNode ? survivingDirectory(node, loss, random) : survivingFile(node, loss, random)
    surviving.entries.set(name, copy)
  }
  surviving.durable = new Map(surviving.entries)
  return surviving
}

/** What is there after the start is taken for durable: what a later crash takes is the later crash's choice. */
function survivingFile(file: FileNode, loss: Loss, random: Random): FileNode {
  if (loss === 'nothing') return new FileNode(file.content)
  if (loss === 'everything') return new FileNode(file.durable)
  let content = file.durable
  for (const made of file.unsynced.flatMap(pagesOf)) if (random.integer(2) === 1) content = applied(content, made)
  return new FileNode(content)
}

function pagesOf(made: FileChange): FileChange[] {
  const { position, bytes } = made
  if (bytes === undefined) return [made]
  const pages: FileChange[] = []
  for (let at = 0; at < bytes.length; ) {
    const end = Math.min(bytes.length, at + pageBytes - ((position + at) % pageBytes))
    pages.push({ position: position + at, bytes: bytes.subarray(at, end) })
    at = end
  }
  return pages
}
