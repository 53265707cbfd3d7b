'use client'

import type { FormEvent, ReactNode } from 'react'
import { useWords } from '../../../lib/web/reader-provider.tsx'
import classes from './entry-card.module.css'

interface EntryCardProps {
  title: string
  onSubmit: (event: FormEvent<HTMLFormElement>) => void
  children: ReactNode
}

/**
 * A form on a page of its own, before there is a frame. Its fields keep their own text, so that what was typed or filled in
 * before the page's script ran, counts.
 */
export function EntryCard({ title, onSubmit, children }: EntryCardProps) {
  const words = useWords()
  return (
    <main className={classes.page}>
      <form className={classes.form} onSubmit={onSubmit} noValidate>
        <p className={classes.brand}>
          <svg width="22" height="22" viewBox="0 0 18 18" aria-hidden="true">
            <path d="M2 13 9 3l7 10M5.6 13 9 8.2l3.4 4.8" fill="none" stroke="currentColor" strokeWidth="1.6" />
          </svg>
          <strong>{words.frame.product}</strong>
          <span className="quiet">{words.access.tagline}</span>
        </p>
        <h1>{title}</h1>
        {children}
      </form>
    </main>
  )
}
