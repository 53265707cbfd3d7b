import 'react'

declare module 'react' {
  interface CSSProperties {
    /** The grid tracks of a table. */
    '--columns'?: string
  }
}
