import type { ReactNode } from 'react';
import type { go } from '../../api';
import { t } from '../../i18n';
import { Visible } from '../../theme/Visible';
import classes from './Chat.module.css';
import { Part } from './Part';
import { alone, type Pairs } from './pairs';

const tones: Record<string, string> = {
  system: 'system',
  developer: 'system',
  user: 'user',
  human: 'user',
  assistant: 'assistant',
  model: 'assistant',
  ai: 'assistant',
  tool: 'tool',
  function: 'tool',
};

/** Turn is what one speaker said: the word that says who, in the colour of the role, and what. */
export function Turn({ who, name, children }: { who: string; name?: string; children: ReactNode }) {
  return (
    <article className={classes.turn} data-role={tones[who] ?? 'other'}>
      <h2 className={classes.role}>
        <Visible text={who || t('exchange.chat.message')} />
        {name && (
          <span className={classes.name}>
            <Visible text={name} />
          </span>
        )}
      </h2>
      <div className={classes.said}>{children}</div>
    </article>
  );
}

interface MessageProps {
  id: string;
  message: go.ChatMessage;
  results: Pairs;
}

/** Message is one message of the request. It is nothing when all it holds is shown with the calls it answers. */
export function Message({ id, message, results }: MessageProps) {
  const parts = alone(message, results);
  if (parts.length === 0 && message.parts.length > 0) return null;
  return (
    <Turn who={message.role} name={message.name}>
      {parts.length === 0 && <span className={classes.faint}>{t('exchange.chat.nothing')}</span>}
      {parts.map((part) => (
        <Part key={part.at} id={id} part={part} result={results.results.get(part.call)} fold={1500} />
      ))}
    </Turn>
  );
}
