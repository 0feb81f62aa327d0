import {
  IconBrain,
  IconFile,
  IconHandStop,
  IconMusic,
  IconPhoto,
  IconPuzzle,
  IconTool,
  IconVideo,
} from '@tabler/icons-react';
import { type ReactNode, useState } from 'react';
import type { go } from '../../api';
import { t } from '../../i18n';
import { formatBytes } from '../../i18n/format';
import { Visible } from '../../theme/Visible';
import classes from './Chat.module.css';
import { Foldable } from './Foldable';
import { tidyJSON } from './json';
import { useMarks } from './signs';
import { TextBlock } from './TextBlock';

interface PartProps {
  id: string;
  part: go.ChatPart;
  /** of a tool call, where it is known */
  result?: go.ChatPart | undefined;
  /** characters that are shown before the rest is folded */
  fold: number;
  /** more of it may arrive */
  live?: boolean;
}

/** Part shows one piece of a message. Media is never fetched nor drawn. */
export function Part({ id, part, result, fold, live = false }: PartProps) {
  switch (part.kind) {
    case 'text':
      return <TextBlock id={id} part={part} fold={fold} live={live} />;
    case 'refusal':
      return (
        <div className={classes.refusal}>
          <IconHandStop size={16} aria-hidden /> <strong>{t('exchange.chat.refusal')}</strong>
          <TextBlock id={id} part={part} fold={fold} live={live} />
        </div>
      );
    case 'reasoning':
      return <Thought id={id} part={part} live={live} title={t('exchange.chat.reasoning')} />;
    case 'plan':
      return <Thought id={id} part={part} live={live} title={t('exchange.chat.plan')} />;
    case 'tool_call':
      return <Call id={id} part={part} result={result} live={live} />;
    case 'tool_result':
      return <Result id={id} part={part} title={part.name || part.call} />;
    default:
      return <Media id={id} part={part} />;
  }
}

function Thought({ id, part, live, title }: PartProps2 & { title: string; live: boolean }) {
  return (
    <Foldable
      icon={<IconBrain size={15} aria-hidden />}
      title={title}
      aside={part.size > 0 ? formatBytes(part.size) : t('exchange.chat.sealed')}
      open={live}
    >
      <div className={classes.thought}>
        <TextBlock id={id} part={part} fold={6000} live={live} />
      </div>
    </Foldable>
  );
}

interface PartProps2 {
  id: string;
  part: go.ChatPart;
}

function Call({ id, part, result, live }: PartProps2 & { result?: go.ChatPart | undefined; live: boolean }) {
  const marked = useMarks(part.at).length > 0;
  return (
    <div className={classes.call}>
      <Foldable
        icon={<IconTool size={15} aria-hidden />}
        title={
          <>
            <span className={classes.callName}>
              <Visible text={part.name || t('exchange.chat.unnamed')} />
            </span>
            <span className={classes.glance}>
              (<Visible text={glance(part.text)} />)
            </span>
          </>
        }
        label={t('exchange.chat.call', { name: part.name })}
        aside={part.builtin ? t('exchange.chat.builtin') : ''}
        open={live || marked}
      >
        {part.call && (
          <div className={classes.faint}>
            <Visible text={part.call} />
          </div>
        )}
        <JSONBlock id={id} part={part} live={live} />
      </Foldable>
      {result && <Result id={id} part={result} title="" />}
    </div>
  );
}

function Result({ id, part, title }: PartProps2 & { title: string }) {
  const marked = useMarks(part.at).length > 0;
  return (
    <Foldable
      title={
        <>
          <span className={classes.result}>{t('exchange.chat.result')}</span>
          {title && <Visible text={title} />}
          <span className={classes.glance}>
            <Visible text={glance(part.text)} />
          </span>
        </>
      }
      label={t('exchange.chat.resultOf', { name: part.name || part.call })}
      aside={formatBytes(part.size)}
      open={marked}
    >
      <JSONBlock id={id} part={part} />
    </Foldable>
  );
}

/** glance is what a folded line shows of a text. */
function glance(text: string): string {
  const line = text.slice(0, 400).replace(/\s+/g, ' ').trim();
  return line.length > 110 ? `${line.slice(0, 110)}…` : line;
}

function JSONBlock({ id, part, live = false }: PartProps2 & { live?: boolean }) {
  const marked = useMarks(part.at).length > 0; // what is marked stands where it was sent
  const tidy = !live && !marked && part.more === 0 ? tidyJSON(part.text) : undefined;
  if (tidy === undefined) return <TextBlock id={id} part={part} fold={4000} live={live} mono />;
  return (
    <TextBlock
      id={id}
      part={{ ...part, text: tidy, size: tidy.length, more: 0 }}
      fold={4000}
      live={live}
      mono
    />
  );
}

const kinds: Record<string, { icon: ReactNode; name: string }> = {
  image: { icon: <IconPhoto size={18} aria-hidden />, name: 'exchange.media.image' },
  audio: { icon: <IconMusic size={18} aria-hidden />, name: 'exchange.media.audio' },
  video: { icon: <IconVideo size={18} aria-hidden />, name: 'exchange.media.video' },
  file: { icon: <IconFile size={18} aria-hidden />, name: 'exchange.media.file' },
  other: { icon: <IconPuzzle size={18} aria-hidden />, name: 'exchange.media.other' },
};
const other = { icon: <IconPuzzle size={18} aria-hidden />, name: 'exchange.media.other' };

/** Media holds the place of what is not text: what it is and how much of it, its address as text. */
function Media({ id, part }: PartProps2) {
  const { icon, name } = kinds[part.kind] ?? other;
  const [shown, setShown] = useState(false);
  return (
    <div className={classes.media}>
      {icon}
      <span>{t(name)}</span>
      {[...new Set([part.type, part.mime, part.name])]
        .filter((word) => word && word !== part.kind)
        .map((word) => (
          <span key={word} className={classes.faint}>
            <Visible text={word} />
          </span>
        ))}
      {part.bytes > 0 && <span className={classes.faint}>{formatBytes(part.bytes)}</span>}
      {part.url && (
        <span className={classes.url}>
          <Visible text={part.url} />
        </span>
      )}
      {part.text && !shown && (
        <button type="button" className={classes.more} onClick={() => setShown(true)}>
          {t('exchange.chat.showText', { count: part.text.length })}
        </button>
      )}
      {part.text && shown && <TextBlock id={id} part={part} fold={4000} mono />}
    </div>
  );
}
