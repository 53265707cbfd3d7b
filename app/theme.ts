import { ActionIcon, Button, createTheme, Modal, NativeSelect, NumberInput, PasswordInput, TextInput } from '@mantine/core'

/** Mantine's part of the look; the colours that carry meaning are in tokens.css. */
export const theme = createTheme({
  primaryColor: 'accent',
  primaryShade: { light: 7, dark: 7 },
  autoContrast: true,
  defaultRadius: 4,
  cursorType: 'pointer',
  respectReducedMotion: true,
  fontFamily: 'var(--font-text)',
  fontFamilyMonospace: 'var(--font-code)',
  fontSizes: { xs: '0.75rem', sm: '0.8125rem', md: '0.8125rem', lg: '0.9375rem', xl: '1.125rem' },
  colors: {
    accent: ['#eef3ff', '#dbe5ff', '#b6c9fb', '#8eabf7', '#7398f2', '#5a83ec', '#3f6de0', '#2b5bd0', '#2049b0', '#173a91'],
    dark: ['#e4e8ec', '#c3cad2', '#9aa5b1', '#5d6873', '#333b43', '#2a3138', '#1c2126', '#121518', '#0c0e10', '#070809'],
    gray: ['#f6f7f9', '#eceff2', '#e0e4e9', '#ccd2d9', '#b1bac4', '#87929e', '#5b6773', '#414b55', '#2b333b', '#1a1f25'],
  },
  components: {
    ActionIcon: ActionIcon.extend({ defaultProps: { variant: 'subtle', color: 'gray', size: 28 } }),
    Button: Button.extend({ defaultProps: { size: 'xs' } }),
    Modal: Modal.extend({ defaultProps: { transitionProps: { duration: 120 }, centered: true } }),
    NativeSelect: NativeSelect.extend({ defaultProps: { size: 'xs' } }),
    NumberInput: NumberInput.extend({ defaultProps: { size: 'sm' } }),
    PasswordInput: PasswordInput.extend({ defaultProps: { size: 'sm' } }),
    TextInput: TextInput.extend({ defaultProps: { size: 'sm' } }),
  },
})
