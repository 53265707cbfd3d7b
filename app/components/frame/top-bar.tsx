'use client'

import { IconSearch } from '@tabler/icons-react'
import { usePathname } from 'next/navigation'
import type { SessionUser } from '../../../lib/contract/session.ts'
import { hasCharts } from '../../../lib/web/has-charts.ts'
import { useWords } from '../../../lib/web/reader-provider.tsx'
import { useUrlState } from '../../../lib/web/use-url-state.ts'
import { AccountMenu } from './account-menu.tsx'
import { ClusterName } from './cluster-name.tsx'
import { LiveIndicator } from './live-indicator.tsx'
import { RangeControl } from './range-control.tsx'
import { ThemeSwitch } from './theme-switch.tsx'
import classes from './top-bar.module.css'

interface TopBarProps {
  cluster: string
  user: SessionUser
  onSearch: () => void
  onKeys: () => void
}

export function TopBar({ cluster, user, onSearch, onKeys }: TopBarProps) {
  const words = useWords().frame
  const pathname = usePathname()
  const [tab] = useUrlState('tab')
  return (
    <header className={classes.bar}>
      <ClusterName cluster={cluster} />
      <button type="button" className={classes.search} onClick={onSearch} aria-label={words.search}>
        <IconSearch size={14} stroke={1.8} aria-hidden />
        <span className={classes.searchText}>{words.search}</span>
        <kbd className={classes.key}>Ctrl K</kbd>
      </button>
      {hasCharts(pathname, tab) && <RangeControl />}
      <div className={classes.end}>
        <LiveIndicator />
        <ThemeSwitch />
        <AccountMenu user={user} onKeys={onKeys} />
      </div>
    </header>
  )
}
