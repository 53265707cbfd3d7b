'use client'

import { IconCheck, IconCopy } from '@tabler/icons-react'
import { useState } from 'react'
import { useWords } from '../../../lib/web/reader-provider.tsx'
import classes from './copy-button.module.css'

interface CopyButtonProps {
  text: string
  /** Without one only the icon is shown. */
  label?: string
}

const confirmedMs = 1_500

export function CopyButton({ text, label }: CopyButtonProps) {
  const words = useWords().common
  const [isCopied, setIsCopied] = useState(false)
  const copy = async () => {
    await navigator.clipboard.writeText(text)
    setIsCopied(true)
    setTimeout(() => setIsCopied(false), confirmedMs)
  }
  const said = isCopied ? words.copied : (label ?? words.copy)
  return (
    <button type="button" className={classes.button} onClick={copy} aria-label={said} title={said}>
      {isCopied ? <IconCheck size={14} stroke={1.8} /> : <IconCopy size={14} stroke={1.6} />}
      {label !== undefined && <span>{said}</span>}
    </button>
  )
}
