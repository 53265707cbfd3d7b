import type { Admin } from '@platformatic/kafka'
import type { Kafka } from 'kafkajs'
import { startTestCluster, type TestCluster } from '../../support/kafka-cluster.ts'
import type { ClientUnderTest } from './client-under-test.ts'
import { openKafkajs } from './kafkajs-client.ts'
import { openPlatformatic } from './platformatic-client.ts'

export const clientNames = ['kafkajs', '@platformatic/kafka'] as const
export type ClientName = (typeof clientNames)[number]

export interface ClientCluster {
  readonly bootstrap: string
  readonly clients: {
    readonly kafkajs: ClientUnderTest & { readonly kafka: Kafka }
    readonly '@platformatic/kafka': ClientUnderTest & { readonly admin: Admin }
  }
  close(): Promise<void>
}

/** Three brokers with a client of each library. Sessions may be shorter here than Kafka's 6 s. */
export async function startClientCluster(): Promise<ClientCluster> {
  const cluster: TestCluster = await startTestCluster({
    properties: { 'group.min.session.timeout.ms': '500', 'offsets.topic.num.partitions': '6', 'num.partitions': '2' },
  })
  const clients = {
    kafkajs: await openKafkajs(cluster.bootstrap),
    '@platformatic/kafka': await openPlatformatic(cluster.bootstrap),
  }
  return {
    bootstrap: cluster.bootstrap,
    clients,
    close: async () => {
      await Promise.all(Object.values(clients).map((client) => client.close()))
      await cluster.stop()
    },
  }
}
