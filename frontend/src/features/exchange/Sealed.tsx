import { Tooltip } from '@mantine/core';
import { IconLock } from '@tabler/icons-react';
import { t } from '../../i18n';
import { Visible } from '../../theme/Visible';
import classes from './Headers.module.css';

const placeholder = /⟨cred:([0-9a-f]{16})⟩/;

/** Sealed shows text in which placeholders stand for credentials, each by its fingerprint: equal ones are the same key. */
export function Sealed({ text }: { text: string }) {
  if (!placeholder.test(text)) return <Visible text={text} />;
  return text.split(placeholder).map((part, at) =>
    at % 2 === 0 ? (
      // biome-ignore lint/suspicious/noArrayIndexKey: the parts of one text never move
      <Visible key={at} text={part} />
    ) : (
      // biome-ignore lint/suspicious/noArrayIndexKey: the parts of one text never move
      <Tooltip key={at} label={t('exchange.headers.sealed')}>
        <span className={classes.sealed}>
          <IconLock size={12} aria-label={t('exchange.headers.sealed')} /> {part.slice(0, 8)}
        </span>
      </Tooltip>
    ),
  );
}
