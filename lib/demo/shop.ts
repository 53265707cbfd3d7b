export interface DemoTopic {
  readonly name: string
  readonly partitions: number
  /** Of all records. */
  readonly share: number
  readonly createRecord: (index: number) => { key: string; value: object }
}

export interface DemoGroup {
  readonly id: string
  readonly topic: string
  readonly members: number
  readonly about: string
  /** What it does over and over; a phase may last for ever. */
  readonly phases: readonly { readonly does: 'read' | 'pause' | 'leave'; readonly seconds: number }[]
}

const countries = ['DE', 'FR', 'JP', 'BR', 'US', 'IN', 'ZA', 'SE'] as const
const pages = ['/', '/search', '/product', '/cart', '/checkout', '/account'] as const
const products = ['kettle', 'lamp', 'notebook', 'rucksack', 'teapot', 'umbrella'] as const
const agents = ['checkout', 'support', 'warehouse', 'finance'] as const

export const topics: readonly DemoTopic[] = [
  {
    name: 'orders',
    partitions: 6,
    share: 0.2,
    createRecord: (index) => ({
      key: `customer-${random(5_000)}`,
      value: {
        orderId: `o-${Date.now().toString(36)}-${index}`,
        product: pick(products),
        quantity: 1 + random(4),
        total: money(5, 180),
        currency: 'EUR',
        country: pick(countries),
        placedAt: new Date().toISOString(),
      },
    }),
  },
  {
    name: 'payments',
    partitions: 6,
    share: 0.12,
    createRecord: (index) => ({
      key: `customer-${random(5_000)}`,
      value: {
        paymentId: `p-${Date.now().toString(36)}-${index}`,
        amount: money(5, 180),
        method: pick(['card', 'transfer', 'wallet']),
        status: random(50) === 0 ? 'declined' : 'captured',
        at: new Date().toISOString(),
      },
    }),
  },
  {
    name: 'clicks',
    partitions: 12,
    share: 0.6,
    createRecord: () => ({
      key: `visitor-${random(20_000)}`,
      value: { page: pick(pages), country: pick(countries), ms: 40 + random(900), at: new Date().toISOString() },
    }),
  },
  {
    name: 'audit-log',
    partitions: 3,
    share: 0.08,
    createRecord: () => ({
      key: pick(agents),
      value: {
        actor: pick(agents),
        action: pick(['login', 'refund', 'export', 'price-change']),
        at: new Date().toISOString(),
      },
    }),
  },
]

export const groups: readonly DemoGroup[] = [
  {
    id: 'order-fulfilment',
    topic: 'orders',
    members: 2,
    about: 'two members that keep up',
    phases: [{ does: 'read', seconds: Number.POSITIVE_INFINITY }],
  },
  {
    id: 'click-analytics',
    topic: 'clicks',
    members: 1,
    about: 'pauses for 90 s and then catches up, again and again',
    phases: [
      { does: 'read', seconds: 60 },
      { does: 'pause', seconds: 90 },
    ],
  },
  {
    id: 'billing-export',
    topic: 'payments',
    members: 1,
    about: 'leaves after a minute and stays behind',
    phases: [
      { does: 'read', seconds: 60 },
      { does: 'leave', seconds: Number.POSITIVE_INFINITY },
    ],
  },
  {
    id: 'audit-archive',
    topic: 'audit-log',
    members: 1,
    about: 'keeps up',
    phases: [{ does: 'read', seconds: Number.POSITIVE_INFINITY }],
  },
]

function random(below: number): number {
  return Math.floor(Math.random() * below)
}

function pick<T>(values: readonly T[]): T {
  const value = values[random(values.length)]
  if (value === undefined) throw new RangeError('nothing to pick from')
  return value
}

function money(min: number, max: number): number {
  return Math.round((min + Math.random() * (max - min)) * 100) / 100
}
