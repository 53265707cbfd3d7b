'use client'

import { IconSearch } from '@tabler/icons-react'
import type { SessionUser } from '../../../lib/contract/session.ts'
import { useWords } from '../../../lib/web/reader-provider.tsx'
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
  return (
    <header className={classes.bar}>
      <ClusterName cluster={cluster} />
      <button type="button" className={classes.search} onClick={onSearch} aria-label={words.search}>
        <IconSearch size={14} stroke={1.8} aria-hidden />
        <span className={classes.searchText}>{words.search}</span>
        <kbd className={classes.key}>Ctrl K</kbd>
      </button>
      <RangeControl />
      <div className={classes.end}>
        <LiveIndicator />
        <ThemeSwitch />
        <AccountMenu user={user} onKeys={onKeys} />
      </div>
    </header>
  )
}
