/** A module that has forgotten its `run`. */
export const walk = 1
