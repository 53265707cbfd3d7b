import { createServer, type Socket } from 'node:net'
import { expect, it, onTestFinished } from 'vitest'
import { systemClock } from '../../../broker/clock.ts'
import { type Network, nodeNetwork } from '../../../broker/network/network.ts'
import { PeerConnections } from '../../../broker/network/peer-connections.ts'
import { waitFor } from '../../support/wait-for.ts'
import { smallCluster } from '../server/handlers/small-cluster.ts'

/** Every broker of the small cluster is this one server. */
async function startPeer(): Promise<{ network: Network; accepted: Socket[] }> {
  const accepted: Socket[] = []
  const server = createServer((socket) => accepted.push(socket))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    for (const socket of accepted) socket.destroy()
    server.close()
  })
  const address = server.address()
  const port = typeof address === 'object' ? (address?.port ?? 0) : 0
  return { accepted, network: { ...nodeNetwork, connect: () => nodeNetwork.connect({ host: '127.0.0.1', port }) } }
}

it('opens one connection for all who ask at once, and another one when it is closed', async () => {
  const { network, accepted } = await startPeer()
  const peers = new PeerConnections({ metadata: smallCluster(), clientId: 'test', clock: systemClock, network })
  onTestFinished(() => peers.close())
  const ask = () => Promise.all([peers.connect(1), peers.connect(1), peers.connect(1)])
  const first = await ask()
  expect(new Set(first).size).toBe(1)
  await waitFor('the connection to be accepted', () => accepted.length === 1)
  accepted[0]?.destroy()
  await waitFor('the end to be noticed', () => first[0]?.isOpen === false)
  const second = await ask()
  expect(new Set(second).size).toBe(1)
  expect(second[0]).not.toBe(first[0])
  await waitFor('the connection to be accepted', () => accepted.length === 2)
})
