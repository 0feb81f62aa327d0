// Mantine speaks our tokens: its own colours are replaced by the variables of tokens.ts, so that its components follow
// the three themes, and the sizes are those of a dense tool.
import {
  ActionIcon,
  Badge,
  Button,
  type CSSVariablesResolver,
  createTheme,
  defaultVariantColorsResolver,
  Input,
  Kbd,
  type MantineColorsTuple,
  Menu,
  Modal,
  Notification,
  NumberInput,
  PasswordInput,
  Popover,
  SegmentedControl,
  Select,
  Switch,
  TagsInput,
  Textarea,
  TextInput,
  Tooltip,
  type VariantColorsResolver,
} from '@mantine/core';
import { t } from '../i18n';

function shades(tokens: string): MantineColorsTuple {
  return tokens.split(' ').map((token) => `var(--as-${token})`) as unknown as MantineColorsTuple;
}

// Mantine draws dark pages with the shades of dark and light ones with those of gray: from ink to ground, and back.
const dark = shades('text text dim dim line hover raised surface bg bg');
const gray = shades('surface hover hover line line dim dim text text text');
const accent = shades(Array(10).fill('accent').join(' '));

/** Mantine's names of colours that carry a meaning here. */
const meanings: Record<string, string> = {
  accent: 'accent',
  red: 'bad',
  green: 'good',
  teal: 'good',
  yellow: 'warn',
  orange: 'warn',
  blue: 'info',
};

function mix(token: string, percent: number, base = 'transparent'): string {
  return `color-mix(in srgb, var(--as-${token}) ${percent}%, ${base})`;
}

const variantColorResolver: VariantColorsResolver = (input) => {
  const token = meanings[input.color ?? 'accent'];
  const plain = defaultVariantColorsResolver(input);
  if (!token) return plain;
  const ink = `var(--as-${token})`;
  switch (input.variant) {
    case 'filled':
      return {
        background: ink,
        hover: mix(token, 86, 'var(--as-text)'),
        color: token === 'accent' ? 'var(--as-on-accent)' : 'var(--as-bg)',
        border: '1px solid transparent',
      };
    case 'light':
      return {
        background: mix(token, 14),
        hover: mix(token, 22),
        color: ink,
        border: '1px solid transparent',
      };
    case 'outline':
      return { background: 'transparent', hover: mix(token, 10), color: ink, border: `1px solid ${ink}` };
    case 'subtle':
    case 'transparent':
      return {
        background: 'transparent',
        hover: mix(token, 12),
        color: ink,
        border: '1px solid transparent',
      };
    default:
      return plain;
  }
};

const small = { defaultProps: { size: 'xs' } };

// The list of options scrolls itself: a box around it that scrolls would be out of reach of the keyboard.
const options = {
  defaultProps: { size: 'xs', withScrollArea: false },
  styles: { options: { maxHeight: '14rem', overflowY: 'auto' } },
} as const;

export const theme = createTheme({
  primaryColor: 'accent',
  primaryShade: 5,
  colors: { accent, dark, gray },
  variantColorResolver,
  fontFamily: 'var(--as-sans)',
  fontFamilyMonospace: 'var(--as-mono)',
  fontSizes: { xs: '0.75rem', sm: '0.8125rem', md: '0.8125rem', lg: '0.9375rem', xl: '1.125rem' },
  lineHeights: { xs: '1.4', sm: '1.45', md: '1.5', lg: '1.5', xl: '1.5' },
  headings: {
    fontWeight: '600',
    sizes: {
      h1: { fontSize: '1.375rem', lineHeight: '1.3' },
      h2: { fontSize: '1.125rem', lineHeight: '1.35' },
      h3: { fontSize: '0.9375rem', lineHeight: '1.4' },
      h4: { fontSize: '0.9375rem', lineHeight: '1.4' },
    },
  },
  radius: { xs: '3px', sm: '4px', md: '6px', lg: '8px', xl: '12px' },
  defaultRadius: 'md',
  shadows: { xs: 'none', sm: 'none', md: 'var(--as-shadow)', lg: 'var(--as-shadow)', xl: 'var(--as-shadow)' },
  cursorType: 'pointer',
  focusRing: 'auto',
  respectReducedMotion: true,
  components: {
    ActionIcon: ActionIcon.extend({ defaultProps: { variant: 'subtle', color: 'gray', size: 26 } }),
    Badge: Badge.extend({ defaultProps: { variant: 'light', radius: 'sm', tt: 'none', fw: 600 } }),
    Button: Button.extend(small),
    InputWrapper: Input.Wrapper.extend({ styles: { description: { fontSize: '0.75rem' } } }),
    Kbd: Kbd.extend({
      defaultProps: { size: 'xs' },
      styles: {
        root: {
          borderBottomWidth: 1,
          background: 'var(--as-hover)',
          color: 'var(--as-dim)',
          fontFamily: 'var(--as-sans)',
          fontWeight: 500,
          minWidth: '1.125rem',
          textAlign: 'center',
        },
      },
    }),
    Menu: Menu.extend({
      defaultProps: {
        withInitialFocusPlaceholder: false,
        shadow: 'md',
        position: 'bottom-start',
        withinPortal: true,
      },
      styles: { dropdown: { '--menu-item-hover': 'var(--as-hover)' } },
    }),
    Modal: Modal.extend({
      defaultProps: {
        centered: true,
        overlayProps: { backgroundOpacity: 0.5 },
        closeButtonProps: { size: 26, 'aria-label': t('frame.close') },
      },
      styles: {
        content: { background: 'var(--as-raised)', border: '1px solid var(--as-line)' },
        header: { background: 'var(--as-raised)' },
        title: { fontSize: '0.9375rem', fontWeight: 600 },
      },
    }),
    Notification: Notification.extend({
      defaultProps: { closeButtonProps: { 'aria-label': t('frame.close') } },
    }),
    NumberInput: NumberInput.extend(small),
    PasswordInput: PasswordInput.extend(small),
    Popover: Popover.extend({ defaultProps: { shadow: 'md', withinPortal: true } }),
    SegmentedControl: SegmentedControl.extend({
      defaultProps: { size: 'xs' },
      styles: { indicator: { border: '1px solid var(--as-line)' } },
    }),
    Select: Select.extend(options),
    Switch: Switch.extend(small),
    TagsInput: TagsInput.extend(options),
    Textarea: Textarea.extend(small),
    TextInput: TextInput.extend(small),
    Tooltip: Tooltip.extend({ defaultProps: { openDelay: 400, withArrow: false, fz: 'xs' } }),
  },
});

/** variables replaces what Mantine computes per colour scheme. */
export const variables: CSSVariablesResolver = () => {
  const ours: Record<string, string> = {
    '--mantine-color-body': 'var(--as-bg)',
    '--mantine-color-text': 'var(--as-text)',
    '--mantine-color-bright': 'var(--as-text)',
    '--mantine-color-dimmed': 'var(--as-dim)',
    '--mantine-color-placeholder': 'var(--as-dim)',
    '--mantine-color-anchor': 'var(--as-accent)',
    '--mantine-color-error': 'var(--as-bad)',
    '--mantine-color-success': 'var(--as-good)',
    '--mantine-color-default': 'var(--as-raised)',
    '--mantine-color-default-hover': 'var(--as-hover)',
    '--mantine-color-default-color': 'var(--as-text)',
    '--mantine-color-default-border': 'var(--as-line)',
    '--mantine-color-disabled': 'var(--as-hover)',
    '--mantine-color-disabled-color': 'var(--as-dim)',
    '--mantine-color-disabled-border': 'var(--as-line)',
    '--mantine-color-gray-text': 'var(--as-dim)',
    '--mantine-color-gray-light-color': 'var(--as-dim)',
    '--mantine-color-gray-light': 'var(--as-hover)',
    '--mantine-color-gray-light-hover': 'var(--as-hover)',
    '--mantine-primary-color-contrast': 'var(--as-on-accent)',
  };
  for (const [name, token] of Object.entries(meanings)) {
    ours[`--mantine-color-${name}-filled`] = `var(--as-${token})`;
    ours[`--mantine-color-${name}-filled-hover`] = mix(token, 86, 'var(--as-text)');
    ours[`--mantine-color-${name}-light`] = mix(token, 14);
    ours[`--mantine-color-${name}-light-hover`] = mix(token, 22);
    ours[`--mantine-color-${name}-light-color`] = `var(--as-${token})`;
    ours[`--mantine-color-${name}-outline`] = `var(--as-${token})`;
    ours[`--mantine-color-${name}-outline-hover`] = mix(token, 10);
    ours[`--mantine-color-${name}-text`] = `var(--as-${token})`;
  }
  return { variables: {}, dark: ours, light: ours };
};
