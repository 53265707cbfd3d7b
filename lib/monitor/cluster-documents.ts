import { randomUUID } from 'node:crypto'
import { promisify } from 'node:util'
import zlib from 'node:zlib'
import type { IncidentsList } from '../contract/alert.ts'
import type { ChangeRow } from '../contract/change.ts'
import { brokerDocument } from './documents/broker-document.ts'
import { brokersDocument } from './documents/brokers-document.ts'
import type { ClusterView } from './documents/cluster-view.ts'
import { groupDocument } from './documents/group-document.ts'
import { groupsDocument } from './documents/groups-document.ts'
import { emptyOverview, overviewDocument } from './documents/overview-document.ts'
import { topicDocument } from './documents/topic-document.ts'
import { topicsDocument } from './documents/topics-document.ts'

/** What the documents of one cluster are made of, as it is now. */
export interface DocumentSource {
  /** `undefined` until the first round is over. */
  view(): ClusterView | undefined
  summary(): ClusterView['summary']
  changes(): readonly ChangeRow[]
  incidents(): IncidentsList
}

/** A document as it is sent: written once, and compressed once when somebody wants it so. */
export class SerialisedDocument {
  readonly json: string
  readonly etag: string
  #gzipped: Promise<Buffer> | undefined

  constructor(json: string, etag: string) {
    this.json = json
    this.etag = etag
  }

  gzipped(): Promise<Buffer> {
    this.#gzipped ??= gzip(this.json, { level: gzipLevel })
    return this.#gzipped
  }
}

/** Rows repeat each other so much that the fastest level takes nine tenths of the topics list away. */
const gzipLevel = 1
const gzip = promisify(zlib.gzip)

/**
 * The documents that the API and the socket answer, each computed and serialised at most once between two changes of
 * what they are made of. A path is the API's below `clusters/{cluster}/`.
 */
export class ClusterDocuments {
  readonly #source: DocumentSource
  readonly #epoch = randomUUID().slice(0, 8)
  #generation = 0
  readonly #documents = new Map<string, unknown>()
  readonly #serialised = new Map<string, SerialisedDocument>()

  constructor(source: DocumentSource) {
    this.#source = source
  }

  /** To be called after each round and after each change of incidents. */
  invalidate(): void {
    this.#generation++
    this.#documents.clear()
    this.#serialised.clear()
  }

  /** `undefined` when there is no such topic, group or broker, or nothing was read yet. */
  find(path: string): unknown {
    const known = this.#documents.get(path)
    if (known !== undefined) return known
    const parts = decodePath(path)
    const document = parts && this.#compute(parts)
    // What does not exist is not remembered: paths come from outside, without end.
    if (document !== undefined) this.#documents.set(path, document)
    return document
  }

  findSerialised(path: string): SerialisedDocument | undefined {
    const known = this.#serialised.get(path)
    if (known !== undefined) return known
    const document = this.find(path)
    if (document === undefined) return undefined
    const etag = `W/"${this.#epoch}-${this.#generation}"`
    const serialised = new SerialisedDocument(JSON.stringify(document), etag)
    this.#serialised.set(path, serialised)
    return serialised
  }

  #compute([resource, name, ...rest]: string[]): unknown {
    if (rest.length > 0) return undefined
    const view = this.#source.view()
    if (name === undefined) return this.#computeList(resource, view)
    if (view === undefined) return undefined
    switch (resource) {
      case 'topics':
        return topicDocument(view, name)
      case 'groups':
        return groupDocument(view, name)
      case 'brokers':
        return brokerDocument(view, Number(name))
      default:
        return undefined
    }
  }

  #computeList(resource: string | undefined, view: ClusterView | undefined): unknown {
    switch (resource) {
      case 'overview':
        return this.#overview(view)
      case 'alerts':
        return this.#source.incidents()
      case 'changes':
        return { changes: this.#source.changes() }
      case 'topics':
        return view && topicsDocument(view)
      case 'groups':
        return view && groupsDocument(view)
      case 'brokers':
        return view && brokersDocument(view)
      default:
        return undefined
    }
  }

  #overview(view: ClusterView | undefined): unknown {
    if (view === undefined) return emptyOverview(this.#source.summary())
    const openAlerts = this.#source.incidents().open.filter(({ state }) => state === 'firing').length
    return overviewDocument(view, { changes: this.#source.changes(), openAlerts })
  }
}

function decodePath(path: string): string[] | undefined {
  try {
    return path.split('/').map((part) => decodeURIComponent(part))
  } catch (error) {
    if (error instanceof URIError) return undefined
    throw error
  }
}
