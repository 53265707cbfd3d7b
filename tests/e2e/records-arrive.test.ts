import { expect, onTestFinished, test } from 'vitest'
import { waitFor } from '../support/wait-for.ts'
import { openTab, provideBrowser, visit } from './browser.ts'
import { createKafkaClient, createTopics } from './kafka-client.ts'

provideBrowser()

test('records of a real client arrive on an open page, and offsets and rate move with them', async () => {
  await createTopics(['e2e-arrivals'])
  const producer = createKafkaClient().producer()
  await producer.connect()
  onTestFinished(() => producer.disconnect())
  const send = (step: number) =>
    producer.send({
      topic: 'e2e-arrivals',
      messages: [{ key: `parcel-${step}`, value: JSON.stringify({ parcel: step, city: 'Lyon' }) }],
    })
  await send(1)

  const page = await openTab()
  await visit(page, '/clusters/main/topics/e2e-arrivals?tab=records')
  await page.getByRole('cell', { name: 'parcel-1' }).waitFor()
  await send(2)
  await page.getByRole('cell', { name: 'parcel-2' }).waitFor()
  expect(await page.getByRole('row').nth(1).textContent()).toContain('parcel-2')

  await page.getByRole('button', { name: '{"parcel":2,"city":"Lyon"}' }).click()
  await page.getByText('"city": "Lyon"').waitFor()

  await page.getByRole('tab', { name: /Partitions/ }).click()
  for (let step = 3; step <= 40; step++) await send(step)
  await page.getByRole('table', { name: 'Partitions' }).getByRole('cell', { name: '40', exact: true }).nth(1).waitFor()
  await page.getByText(/Records come in at \S+\/s/).waitFor()
  // And it falls again when nothing comes any more.
  await page.getByText('Nothing is being written.').waitFor()
})

test('a page whose records are being read does not move under the reader', async () => {
  await createTopics(['e2e-stillness'])
  const producer = createKafkaClient().producer()
  await producer.connect()
  onTestFinished(() => producer.disconnect())
  await producer.send({ topic: 'e2e-stillness', messages: [{ key: 'first', value: 'one' }] })
  const page = await openTab()
  await visit(page, '/clusters/main/records?topic=e2e-stillness')
  await page.getByRole('button', { name: 'one' }).click()
  await producer.send({ topic: 'e2e-stillness', messages: [{ key: 'second', value: 'two' }] })
  await page.getByRole('button', { name: '1 newer record' }).click()
  await page.getByRole('cell', { name: 'second' }).waitFor()
})

test('the overview counts what is produced', async () => {
  const page = await openTab()
  await visit(page, '/clusters/main')
  const rate = page.getByText(/^Records in/)
  await rate.waitFor()
  const seen = new Set<string>()
  await waitFor('three figures', async () => seen.add((await page.getByRole('main').textContent()) ?? '').size >= 3, {
    timeoutMs: 30_000,
  })
})
