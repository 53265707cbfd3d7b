import { expect, test } from 'vitest'
import { chooseLanguage } from '../../../lib/format/language.ts'

test('the reader’s own choice comes before the browser’s', () => {
  expect(chooseLanguage('en', 'zh-CN,zh;q=0.9')).toBe('en')
})

test('the browser’s first language that we speak is taken', () => {
  expect(chooseLanguage(undefined, 'fr-FR,fr;q=0.9,zh-CN;q=0.8,en;q=0.7')).toBe('zh')
})

test('English is spoken to everybody else', () => {
  expect(chooseLanguage('tlh', 'fr-FR')).toBe('en')
  expect(chooseLanguage(undefined, null)).toBe('en')
})
