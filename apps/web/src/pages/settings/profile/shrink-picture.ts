const sidePx = 256;

/**
 * A picture as the server keeps it: a square of 256 px, cut from the middle, as text in base64. Drawn anew it carries nothing
 * of what a camera wrote beside the pixels. Throws for what the browser cannot draw.
 */
export async function shrinkPicture(file: Blob): Promise<string> {
  const picture = await createImageBitmap(file);
  const canvas = document.createElement('canvas');
  canvas.width = sidePx;
  canvas.height = sidePx;
  const context = canvas.getContext('2d');
  if (context === null) throw new Error('this browser draws no pictures');
  const side = Math.min(picture.width, picture.height);
  const left = (picture.width - side) / 2;
  const top = (picture.height - side) / 2;
  context.imageSmoothingQuality = 'high';
  context.drawImage(picture, left, top, side, side, 0, 0, sidePx, sidePx);
  picture.close();
  // Where a browser cannot write WebP it writes PNG, which is as welcome.
  const address = canvas.toDataURL('image/webp', 0.9);
  return address.slice(address.indexOf(',') + 1);
}
