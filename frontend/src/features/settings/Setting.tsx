import { Button, Text } from '@mantine/core';
import { IconRestore } from '@tabler/icons-react';
import { createContext, type ReactNode, useContext, useId } from 'react';
import { t } from '../../i18n';
import classes from './settings.module.css';

/** What is looked for; empty shows everything. */
export const Wanted = createContext('');

/** found tells whether texts have all the words that are looked for. */
export function found(wanted: string, ...texts: string[]): boolean {
  const all = texts.join(' ').toLowerCase();
  return wanted
    .toLowerCase()
    .split(/\s+/)
    .every((word) => all.includes(word));
}

interface SettingProps {
  label: string;
  /** what it does, in one or two sentences */
  help?: string;
  /** the default as it is read */
  ordinary?: string;
  /** whether it is not the default now */
  changed?: boolean;
  onReset?(): void;
  /** what is wrong with what was entered */
  problem?: string | undefined;
  /** an option given at start decides it */
  fixed?: boolean;
  /** the control says itself what it does: a button, or text */
  own?: boolean;
  /** the control; named by the ids it is given */
  children(names: { labelledby: string; describedby: string; id: string }): ReactNode;
}

/** Setting is one thing that can be changed: what it is, what it does, its default, and the way back to it. */
export function Setting(props: SettingProps) {
  const { label, help = '', ordinary, changed = false, onReset, problem, fixed, own, children } = props;
  const wanted = useContext(Wanted);
  const id = useId();
  if (!found(wanted, label, help)) return null;
  const names = { labelledby: `${id}label`, describedby: `${id}help`, id };
  return (
    <div className={classes.setting} data-setting data-changed={changed || undefined}>
      <div>
        {own ? (
          <div className={classes.label}>{label}</div>
        ) : (
          <label id={names.labelledby} htmlFor={id} className={classes.label}>
            {label}
          </label>
        )}
        <div id={names.describedby}>
          {help && <Text className={classes.help ?? ''}>{help}</Text>}
          {ordinary !== undefined && (
            <Text className={classes.help ?? ''}>{t('settings.default', { value: ordinary })}</Text>
          )}
          {fixed && <Text className={classes.fixed ?? ''}>{t('settings.fixed')}</Text>}
          {problem && (
            <Text className={classes.problem ?? ''} role="alert">
              {problem}
            </Text>
          )}
        </div>
      </div>
      <div className={classes.control}>
        {children(names)}
        {changed && onReset && (
          <Button
            variant="subtle"
            size="compact-sm"
            leftSection={<IconRestore size={14} />}
            aria-label={t('settings.resetOne', { label })}
            onClick={onReset}
          >
            {t('settings.reset')}
          </Button>
        )}
      </div>
    </div>
  );
}
