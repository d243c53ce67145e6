/** Reading a large body takes its time: about a tenth of this on an idle machine. */
export const msPerMegabyte = 200;
