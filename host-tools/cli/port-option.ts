/* The option of every command that talks to a board. */

export const portOption = '--port <path>';
export const portOptionText =
  "the board's serial port; else HAIRPIN_PORT, else the one USB serial port there is";
