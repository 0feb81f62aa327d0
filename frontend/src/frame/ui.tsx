import { ActionIcon, Alert, Button, Skeleton, Stack, Text, Title, Tooltip } from '@mantine/core';
import { IconAlertTriangle, IconCheck, IconCopy } from '@tabler/icons-react';
import { type ReactNode, useEffect, useState } from 'react';
import { ApiError } from '../api';
import { t } from '../i18n';
import { copyText } from './clipboard';
import { notifyError } from './notify';
import classes from './ui.module.css';

interface EmptyStateProps {
  icon?: ReactNode;
  title: string;
  text?: ReactNode;
  /** buttons: the ways on from here */
  actions?: ReactNode;
}

/** EmptyState says why there is nothing here, and what would bring something. */
export function EmptyState({ icon, title, text, actions }: EmptyStateProps) {
  return (
    <Stack className={classes.empty ?? ''} align="center" justify="center" gap="sm">
      {icon && (
        <div className={classes.icon} aria-hidden>
          {icon}
        </div>
      )}
      <Title order={2} size="h4">
        {title}
      </Title>
      {text && (
        <Text component="div" c="dimmed" maw="34rem" ta="center">
          {text}
        </Text>
      )}
      {actions && <div className={classes.actions}>{actions}</div>}
    </Stack>
  );
}

/** ErrorState says in place of content what went wrong and what to do; onRetry asks once more. */
export function ErrorState({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  const { message, hint } = ApiError.from(error);
  return (
    <Alert
      className={classes.error ?? ''}
      color="red"
      title={message}
      icon={<IconAlertTriangle size={18} />}
      role="alert"
    >
      {hint && <Text size="sm">{hint}</Text>}
      {onRetry && (
        <Button mt="xs" variant="default" onClick={onRetry}>
          {t('frame.retry')}
        </Button>
      )}
    </Alert>
  );
}

const widths = ['92%', '78%', '86%', '64%', '88%', '72%'];

/** Loading holds the place of content that is on its way. It is shown after a moment only, so that fast answers do not flicker. */
export function Loading({ rows = 6 }: { rows?: number }) {
  return (
    <Stack className={classes.loading ?? ''} gap="xs" p="md" role="status" aria-label={t('frame.loading')}>
      {Array.from({ length: rows }, (_, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: bars that are all alike
        <Skeleton key={at} height="0.9rem" width={widths[at % widths.length] ?? '80%'} />
      ))}
    </Stack>
  );
}

interface CopyProps {
  /** what is copied; a function where making it costs something */
  text: string | (() => string | Promise<string>);
  /** what the button says; without it, it is a small icon */
  label?: string;
  /** what the icon is called where there is no label */
  title?: string;
}

/** Copy is a button that puts text on the clipboard and says so. */
export function Copy({ text, label, title = t('frame.copy.title') }: CopyProps) {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), 1500);
    return () => clearTimeout(timer);
  }, [copied]);
  const copy = async () => {
    try {
      await copyText(typeof text === 'string' ? text : await text());
      setCopied(true);
    } catch (reason) {
      notifyError(reason);
    }
  };
  const icon = copied ? <IconCheck size={15} /> : <IconCopy size={15} />;
  if (label) {
    return (
      <Button variant="default" leftSection={icon} onClick={copy}>
        {copied ? t('frame.copy.done') : label}
      </Button>
    );
  }
  const name = copied ? t('frame.copy.done') : title;
  return (
    <Tooltip label={name}>
      <ActionIcon variant="subtle" aria-label={name} onClick={copy}>
        {icon}
      </ActionIcon>
    </Tooltip>
  );
}
