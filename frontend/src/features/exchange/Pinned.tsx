import { IconTool } from '@tabler/icons-react';
import { useContext } from 'react';
import type { go } from '../../api';
import { t } from '../../i18n';
import { Visible } from '../../theme/Visible';
import classes from './Chat.module.css';
import { Foldable } from './Foldable';
import { tidyJSON } from './json';
import { Turn } from './Message';
import { Signs } from './signs';
import { TextBlock } from './TextBlock';

/** Pinned is what the model was given before the first message: its system prompt and its tools. */
export function Pinned({ chat }: { chat: go.ChatOut }) {
  const marks = useContext(Signs);
  return (
    <div className={classes.pinned}>
      {chat.system.map((part) => (
        <Turn key={part.at} who="system">
          <TextBlock id={chat.id} part={part} fold={400} />
        </Turn>
      ))}
      {chat.tools.length > 0 && (
        <Foldable
          icon={<IconTool size={15} aria-hidden />}
          title={t('exchange.chat.tools', { count: chat.tools.length })}
          aside={names(chat.tools)}
          open={chat.tools.some(({ description }) => marks.has(description.at))}
        >
          {chat.tools.map((tool) => (
            <Tool key={tool.schema.at} id={chat.id} tool={tool} />
          ))}
        </Foldable>
      )}
    </div>
  );
}

function names(tools: go.ChatTool[]): string {
  const first = tools.slice(0, 6).map((tool) => tool.name.slice(0, 40));
  return `${first.join(', ')}${tools.length > 6 ? ', …' : ''}`;
}

function Tool({ id, tool }: { id: string; tool: go.ChatTool }) {
  const { schema, description } = tool;
  const tidy = schema.more === 0 ? tidyJSON(schema.text) : undefined;
  const shown = tidy === undefined ? schema : { ...schema, text: tidy, size: tidy.length };
  return (
    <div className={classes.tool}>
      <div>
        <strong className={classes.callName}>
          <Visible text={tool.name} />
        </strong>{' '}
        {tool.builtin && <span className={classes.faint}>{t('exchange.chat.builtin')}</span>}
      </div>
      {description.text && <TextBlock id={id} part={description} fold={600} />}
      {schema.text && (
        <Foldable title={t('exchange.chat.schema')}>
          <TextBlock id={id} part={shown} fold={4000} mono />
        </Foldable>
      )}
    </div>
  );
}
