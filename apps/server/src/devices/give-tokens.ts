import type { DeviceTokens } from '@devpulse/contract/wire/devices';
import { type AccessTokens, accessSeconds } from './access-token.ts';

/** What the store says of a device that gets tokens. */
export interface DeviceRow {
  device_id: string;
  account_id: string;
  workspace_id: string;
  version: number;
  expires_at: Date;
}

/** The pair of tokens that a device is given. */
export async function giveTokens(
  accessTokens: AccessTokens,
  device: DeviceRow,
  refreshToken: string,
): Promise<DeviceTokens> {
  const accessToken = await accessTokens.sign({
    deviceId: device.device_id,
    version: device.version,
    accountId: device.account_id,
  });
  return {
    accessToken,
    tokenType: 'Bearer',
    expiresInSeconds: accessSeconds,
    refreshToken,
    deviceId: device.device_id,
    workspaceId: device.workspace_id,
    endsAt: device.expires_at.toISOString(),
  };
}
