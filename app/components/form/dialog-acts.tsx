'use client'

import { Button } from '@mantine/core'
import type { ReactNode } from 'react'
import { useWords } from '../../../lib/web/reader-provider.tsx'
import classes from './dialog-acts.module.css'

interface DialogActsProps {
  onCancel: () => void
  /** The button that does it. */
  children: ReactNode
}

export function DialogActs({ onCancel, children }: DialogActsProps) {
  const words = useWords().common
  return (
    <div className={classes.acts}>
      <Button variant="default" size="sm" onClick={onCancel}>
        {words.cancel}
      </Button>
      {children}
    </div>
  )
}
