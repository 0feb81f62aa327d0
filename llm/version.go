package llm

// Version is the version of the rules by which conversations are read. It grows with every change that reads recorded
// traffic differently, so that a project knows which readings are old.
const Version = 1
