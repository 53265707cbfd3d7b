import type { RegisterBrokerRecord } from '../protocol/structures/register-broker-record.ts'

export interface EndPoint {
  readonly name: string
  readonly host: string
  readonly port: number
}

export interface BrokerImage {
  readonly id: number
  readonly epoch: number
  readonly incarnationId: string
  /** Where brokers reach it: the first of its endpoints. */
  readonly host: string
  readonly port: number
  readonly rack: string | null
  readonly isFenced: boolean
  readonly isShuttingDown: boolean
  /** As it registered: fenced, which `isFenced` tells from then on. */
  readonly registration: RegisterBrokerRecord & { readonly type: 'RegisterBrokerRecord' }
}

/** Where clients of a listener find a broker; undefined when the broker has no such listener. */
export function endPointOf(broker: BrokerImage, listenerName: string): EndPoint | undefined {
  return broker.registration.endPoints.find(({ name }) => name === listenerName)
}
