import { expect, onTestFinished, test } from 'vitest'
import { openTab, provideBrowser, visit } from './browser.ts'
import { createKafkaClient, createTopics } from './kafka-client.ts'

provideBrowser()

const topic = 'e2e-queue'
const group = 'e2e-worker'

test('the lag of a group grows while its consumer pauses and shrinks when it goes on', async () => {
  await createTopics([topic], 2)
  const kafka = createKafkaClient()
  const producer = kafka.producer()
  await producer.connect()
  onTestFinished(() => producer.disconnect())
  const send = (count: number) =>
    producer.send({ topic, messages: Array.from({ length: count }, (_, index) => ({ value: `job ${index}` })) })
  const consumer = kafka.consumer({ groupId: group })
  await consumer.connect()
  onTestFinished(() => consumer.disconnect())
  await consumer.subscribe({ topic, fromBeginning: true })
  await consumer.run({ autoCommitThreshold: 1, eachMessage: async () => undefined })
  await send(100)

  const page = await openTab()
  await visit(page, `/clusters/main/groups/${group}`)
  await page.getByText(`${group} is keeping up: it has read everything.`).waitFor()

  consumer.pause([{ topic }])
  await send(1_500)
  // The page by itself: in its sentence, and in the figures of each partition.
  await page.getByText(/behind \(1\.50\sk records\)/).waitFor()
  const lags = page.getByRole('table', { name: 'Partitions' })
  expect(await lags.getByRole('row').count()).toBe(3)

  consumer.resume([{ topic }])
  await page.getByText(`${group} is keeping up: it has read everything.`).waitFor()
  expect(await lags.getByRole('cell', { name: '0', exact: true }).count()).toBeGreaterThanOrEqual(2)
})
