/** Words that somebody typed, without what the wire refuses (hall_server/wire/bounds.py). */

// Control and bidirectional characters; a line may end.
const NOT_PLAIN = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]/g;

/** The same words, such as the wire takes them. */
export function plain(words) {
  return words.replace(NOT_PLAIN, "");
}
