// What an exchange can be copied as, and which of them was used last.
import { create } from 'zustand';
import { t } from '../../i18n';

export const copyFormats = ['curl', 'python', 'javascript', 'raw', 'prompt', 'answer', 'markdown'] as const;
export type CopyFormat = (typeof copyFormats)[number];

const names: Record<CopyFormat, () => string> = {
  curl: () => t('actions.format.curl'),
  python: () => t('actions.format.python'),
  javascript: () => t('actions.format.javascript'),
  raw: () => t('actions.format.raw'),
  prompt: () => t('actions.format.prompt'),
  answer: () => t('actions.format.answer'),
  markdown: () => t('actions.format.markdown'),
};

export function formatName(format: CopyFormat): string {
  return names[format]();
}

const storageKey = 'assay.copyAs';

interface Last {
  format: CopyFormat;
  use(format: CopyFormat): void;
}

/** useLastFormat holds the format used last, which Ctrl+C uses again. */
export const useLastFormat = create<Last>((set) => ({
  format: copyFormats.find((each) => each === localStorage.getItem(storageKey)) ?? 'curl',
  use(format) {
    localStorage.setItem(storageKey, format);
    set({ format });
  },
}));
