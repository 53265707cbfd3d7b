'use client'

import { IconLayoutSidebarLeftCollapse, IconLayoutSidebarLeftExpand } from '@tabler/icons-react'
import { usePathname } from 'next/navigation'
import { pageHref } from '../../../lib/web/links.ts'
import { overviewQuery } from '../../../lib/web/queries.ts'
import { useWords } from '../../../lib/web/reader-provider.tsx'
import { useLiveQuery } from '../../../lib/web/use-live-query.ts'
import { countAttention } from './count-attention.ts'
import { pages } from './pages.ts'
import classes from './rail.module.css'
import { RailLink } from './rail-link.tsx'

interface RailProps {
  cluster: string
  isFolded: boolean
  onFold: () => void
}

export function Rail({ cluster, isFolded, onFold }: RailProps) {
  const words = useWords().frame
  const pathname = usePathname()
  const overview = useLiveQuery(overviewQuery(cluster))
  const attention = countAttention(overview.data)
  const root = pageHref(cluster, 'overview')
  return (
    <nav className={classes.rail} aria-label={words.navigation} data-folded={isFolded || undefined}>
      <div className={classes.brand}>
        <svg width="18" height="18" viewBox="0 0 18 18" aria-hidden="true">
          <path d="M2 13 9 3l7 10M5.6 13 9 8.2l3.4 4.8" fill="none" stroke="currentColor" strokeWidth="1.8" />
        </svg>
        <span className={classes.label}>{words.product}</span>
      </div>
      <ul className={classes.links}>
        {pages.map(({ name, key, Icon }) => {
          const href = pageHref(cluster, name)
          return (
            <RailLink
              key={name}
              href={href}
              label={words[name]}
              keys={`g ${key}`}
              icon={<Icon size={17} stroke={1.6} aria-hidden />}
              isCurrent={href === root ? pathname === root : pathname.startsWith(href)}
              attention={attention[name]}
            />
          )
        })}
      </ul>
      <button
        type="button"
        className={classes.fold}
        onClick={onFold}
        aria-label={isFolded ? words.unfold : words.fold}
        title={isFolded ? words.unfold : words.fold}
      >
        {isFolded ? (
          <IconLayoutSidebarLeftExpand size={17} stroke={1.6} />
        ) : (
          <IconLayoutSidebarLeftCollapse size={17} stroke={1.6} />
        )}
      </button>
    </nav>
  )
}
