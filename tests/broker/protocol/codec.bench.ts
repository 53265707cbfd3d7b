import { bench } from 'vitest'
import { decode, encode } from '../../../broker/protocol/codec.ts'
import { produceRequest } from '../../../broker/protocol/messages/00-produce.ts'
import { type FetchResponseBody, fetchResponse } from '../../../broker/protocol/messages/01-fetch.ts'
import { Reader } from '../../../broker/protocol/reader.ts'
import { Writer } from '../../../broker/protocol/writer.ts'

const batch = Buffer.alloc(1100, 7)

const request = new Writer()
encode(
  produceRequest,
  9,
  { acks: 1, timeoutMs: 30_000, topicData: [{ name: 'orders', partitionData: [{ index: 3, records: batch }] }] },
  request,
)
const produceFrame = request.toBuffer()

const response: FetchResponseBody = {
  throttleTimeMs: 0,
  responses: [
    {
      topic: 'orders',
      partitions: [
        { partitionIndex: 3, errorCode: 0, highWatermark: 90, lastStableOffset: 90, logStartOffset: 0, records: batch },
      ],
    },
  ],
}

bench('decode Produce request v9 with one batch of 1 KB', () => {
  decode(produceRequest, 9, new Reader(produceFrame))
})

bench('encode Fetch response v12 with one batch of 1 KB', () => {
  const writer = new Writer()
  encode(fetchResponse, 12, response, writer)
  writer.toBuffers()
})
