'use client'

import { Tabs } from '@mantine/core'
import type { ReactNode } from 'react'
import { useUrlState } from '../../../lib/web/use-url-state.ts'

interface PageTabsProps<Name extends string> {
  /** The first is shown when the URL names none. */
  tabs: readonly { name: Name; label: string; count?: number; content: () => ReactNode }[]
}

export function PageTabs<Name extends string>({ tabs }: PageTabsProps<Name>) {
  const [tab, setTab] = useUrlState('tab', tabs[0]?.name)
  const current = tabs.find(({ name }) => name === tab) ?? tabs[0]
  return (
    <Tabs value={current?.name ?? null} onChange={(name) => setTab(name ?? '')} mt={6}>
      <Tabs.List>
        {tabs.map(({ name, label, count }) => (
          <Tabs.Tab
            key={name}
            value={name}
            rightSection={count === undefined ? null : <span className="quiet">{count}</span>}
          >
            {label}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      {current !== undefined && <Tabs.Panel value={current.name}>{current.content()}</Tabs.Panel>}
    </Tabs>
  )
}
