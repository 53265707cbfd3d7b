'use client'

import Link from 'next/link'
import type { ReactNode } from 'react'
import { useWords } from '../../../lib/web/reader-provider.tsx'
import classes from './rail.module.css'

interface RailLinkProps {
  href: string
  label: string
  keys: string
  icon: ReactNode
  isCurrent: boolean
  attention: number | undefined
}

export function RailLink({ href, label, keys, icon, isCurrent, attention = 0 }: RailLinkProps) {
  const words = useWords().frame
  return (
    <li>
      <Link
        href={href}
        prefetch={false}
        className={classes.link}
        aria-current={isCurrent ? 'page' : undefined}
        title={`${label} (${keys})`}
      >
        {icon}
        <span className={classes.label}>{label}</span>
        {attention > 0 && (
          <span className={classes.count} title={words.needsAttention(attention)}>
            {attention}
          </span>
        )}
      </Link>
    </li>
  )
}
