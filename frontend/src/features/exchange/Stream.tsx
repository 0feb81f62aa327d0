import { TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconActivity } from '@tabler/icons-react';
import { useRef, useState } from 'react';
import { useCommand } from '../../commands';
import { Copy, EmptyState, ErrorState, Loading } from '../../frame/ui';
import { t } from '../../i18n';
import { assembled } from './assembled';
import { Events } from './Events';
import type { PaneProps } from './pane';
import classes from './Stream.module.css';
import { StreamBar } from './StreamBar';
import { StreamFacts } from './StreamFacts';
import { useStream } from './useStream';

/** Stream shows what arrived when: the events of an answer, the messages of a WebSocket session. */
export default function Stream({ id, heads, news }: PaneProps) {
  const [text, setText] = useState('');
  const [contains] = useDebouncedValue(text, 150);
  const filter = useRef<HTMLInputElement>(null);
  const stream = useStream(id, contains, news);
  useCommand('exchange.find', () => filter.current?.select());
  const { about, error, retry } = stream;
  if (error) return <ErrorState error={error} onRetry={retry} />;
  if (!about) return <Loading />;
  if (about.total === 0) {
    return (
      <EmptyState
        icon={<IconActivity size={32} />}
        title={heads.wire === 'tunnel' ? t('exchange.plain.tunnel') : t('exchange.stream.none')}
        text={about.live ? t('exchange.stream.waiting') : ''}
      />
    );
  }
  return (
    <div className={classes.stream}>
      <div className={classes.top}>
        <TextInput
          ref={filter}
          size="xs"
          value={text}
          placeholder={t('exchange.stream.filter')}
          aria-label={t('exchange.stream.filter')}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        <StreamFacts about={about} filtered={contains !== ''} />
        {about.kind !== 'frames' && <Copy text={() => assembled(id)} title={t('exchange.stream.copy')} />}
      </div>
      <StreamBar about={about} />
      {about.count === 0 ? (
        <EmptyState title={t('exchange.stream.noMatch')} text={t('exchange.stream.noMatchText')} />
      ) : (
        <Events id={id} stream={stream} />
      )}
    </div>
  );
}
