import { Button, Group, Text } from '@mantine/core';
import { IconFileText } from '@tabler/icons-react';
import { useMemo, useRef, useState } from 'react';
import type { go } from '../../api';
import { EmptyState, ErrorState, Loading } from '../../frame/ui';
import { t } from '../../i18n';
import { formatBytes } from '../../i18n/format';
import { Visible } from '../../theme/Visible';
import { Answer } from './Answer';
import classes from './Chat.module.css';
import { Facts } from './Facts';
import { FindBar } from './FindBar';
import { Message } from './Message';
import { Pinned } from './Pinned';
import { pairs } from './pairs';
import type { PaneProps } from './pane';
import { Scroll } from './Scroll';
import { SignBar } from './SignBar';
import { Signs, useSigns } from './signs';
import { useChat } from './useChat';
import type { View } from './views';

interface ChatProps extends PaneProps {
  onView(view: View): void;
}

/** Chat shows an exchange as what was said. */
export function Chat({ id, heads, answerOnly, onView }: ChatProps) {
  const [all, setAll] = useState(false);
  const { chat, error, retry } = useChat(id, all);
  const { out, marks } = useSigns(id, chat !== undefined && !chat.live);
  const box = useRef<HTMLDivElement>(null);
  if (!chat) return error ? <ErrorState error={error} onRetry={retry} /> : <Loading />;
  if (!chat.facts.known) return <Plain chat={chat} heads={heads} onView={onView} />;
  return (
    <div className={classes.chat}>
      <FindBar target={box} />
      <Scroll ref={box} className={classes.scroll} label={t('exchange.views.chat')}>
        <Facts chat={chat} />
        <SignBar out={out} />
        <Signs value={marks}>
          {!answerOnly && <Asked chat={chat} all={all} onAll={() => setAll(true)} />}
          <Answer chat={chat} />
        </Signs>
        <Notes notes={chat.notes} />
        {chat.facts.confidence === 'low' && <Guess onView={onView} />}
      </Scroll>
    </div>
  );
}

function Asked({ chat, all, onAll }: { chat: go.ChatOut; all: boolean; onAll(): void }) {
  const results = useMemo(() => pairs(chat.messages), [chat.messages]);
  const earlier = chat.from - chat.pinned;
  return (
    <>
      <Pinned chat={chat} />
      {!all && earlier > 0 && (
        <Group className={classes.earlier ?? ''} justify="center">
          <Button variant="subtle" size="compact-sm" onClick={onAll}>
            {chat.inherited >= chat.from
              ? t('exchange.chat.earlier', { count: earlier })
              : t('exchange.chat.before', { count: earlier })}
          </Button>
        </Group>
      )}
      {chat.messages.map((message) => (
        <Message key={message.n} id={chat.id} message={message} results={results} />
      ))}
    </>
  );
}

function Notes({ notes }: { notes: string[] }) {
  if (notes.length === 0) return null;
  return (
    <ul className={classes.notes} aria-label={t('exchange.chat.notes')}>
      {notes.map((note) => (
        <li key={note}>
          <Visible text={note} />
        </li>
      ))}
    </ul>
  );
}

function Guess({ onView }: { onView(view: View): void }) {
  return (
    <Text className={classes.guess ?? ''} size="sm" component="div">
      {t('exchange.chat.guess')}{' '}
      <Button variant="subtle" size="compact-sm" onClick={() => onView('pretty')}>
        {t('exchange.chat.pretty')}
      </Button>
    </Text>
  );
}

const ai = new Set(['llm', 'chat-backend', 'ai-api', 'agent', 'embedding', 'image', 'audio']);

/** Plain says what traffic is that holds no conversation Assay can read. */
function Plain({ chat, heads, onView }: { chat: go.ChatOut; heads: go.HeadsOut; onView(view: View): void }) {
  const { request, response, wire } = heads;
  const title = ai.has(chat.facts.kind) ? t('exchange.plain.unknown') : t('exchange.plain.title');
  const frames = wire === 'websocket';
  return (
    <EmptyState
      icon={<IconFileText size={32} />}
      title={wire === 'tunnel' ? t('exchange.plain.tunnel') : title}
      text={
        <>
          <div className={classes.line}>
            <Visible text={request.line} />
          </div>
          {response.seen ? (
            <div className={classes.line}>
              <Visible text={`${response.line} ${response.body.type}`} />{' '}
              {t('exchange.plain.sizes', {
                request: formatBytes(request.body.size),
                response: formatBytes(response.body.size),
              })}
            </div>
          ) : (
            chat.live && <div>{t('exchange.plain.waiting')}</div>
          )}
          <Notes notes={chat.notes} />
        </>
      }
      actions={
        wire !== 'tunnel' && (
          <Button onClick={() => onView(frames ? 'stream' : 'pretty')}>
            {frames ? t('exchange.plain.stream') : t('exchange.chat.pretty')}
          </Button>
        )
      }
    />
  );
}
