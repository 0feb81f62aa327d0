import { Button } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { notifyError } from '../../frame/notify';
import { Setting } from './Setting';

interface ActProps {
  label: string;
  help: string;
  button: string;
  icon?: ReactNode;
  disabled?: boolean;
  run(): Promise<unknown>;
}

/** Act is something that can be done, in the shape of a setting. */
export function Act({ label, help, button, icon, disabled = false, run }: ActProps) {
  const client = useQueryClient();
  const act = useMutation({
    mutationFn: run,
    onError: notifyError,
    onSettled: () => client.invalidateQueries({ queryKey: ['settings'] }),
  });
  return (
    <Setting own label={label} help={help}>
      {({ describedby }) => (
        <Button
          variant="default"
          leftSection={icon}
          disabled={disabled}
          loading={act.isPending}
          aria-describedby={describedby}
          onClick={() => act.mutate()}
        >
          {button}
        </Button>
      )}
    </Setting>
  );
}
