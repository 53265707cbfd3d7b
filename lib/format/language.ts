export const languages = ['en', 'zh'] as const
export type Language = (typeof languages)[number]

/** The reader's own choice first, then the browser's first language that we speak. */
export function chooseLanguage(chosen: string | undefined, acceptLanguage: string | null): Language {
  const own = languages.find((language) => language === chosen)
  if (own !== undefined) return own
  for (const entry of (acceptLanguage ?? '').split(',')) {
    const tag = entry.trim().slice(0, 2).toLowerCase()
    const spoken = languages.find((language) => language === tag)
    if (spoken !== undefined) return spoken
  }
  return 'en'
}
