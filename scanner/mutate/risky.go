package mutate

import (
	"slices"
	"strings"
)

// riskyWords are words that filters and trained models react to, so that hiding only these often hides enough. The list is short on
// purpose: the stems that stand in most published jailbreak prompts, by the kinds of harm that model policies name. A word is risky when it
// is one of them, or one of them with an English ending (-s, -es, -ed, -er, -ers, -ing, -or).
var riskyStems = func() map[string]bool {
	lists := []string{
		// violence and weapons
		"kill murder attack bomb explosive explosion weapon gun shoot stab poison torture terrorist terrorism massacre assassinate bioweapon",
		"nuclear grenade ammunition detonate detonator napalm violent violence",
		// drugs
		"drug meth methamphetamine cocaine heroin fentanyl lsd mdma ecstasy synthesize synthesise",
		// crime and fraud
		"steal theft rob burgle launder laundering counterfeit forge fraud scam blackmail extort bribe smuggle traffick stalk kidnap illegal",
		"illegally crime criminal hide evade",
		// computers
		"hack hacker malware ransomware virus worm trojan keylog keylogger exploit phish phishing backdoor rootkit botnet ddos inject injection",
		"payload shellcode spyware crack bypass",
		// secrets and control of the model
		"password credential secret token key prompt instruction system developer admin root ignore disregard override reveal leak jailbreak",
		"unrestricted uncensored exfiltrate delete drop confidential",
		// hate, self-harm, sexual harm
		"hate racist racism nazi slur genocide suicide suicidal harm abuse rape molest porn pornography sexual sex nude child minor",
		// lies
		"disinformation misinformation propaganda defame fake",
	}
	stems := map[string]bool{}
	for _, list := range lists {
		for word := range strings.FieldsSeq(list) {
			stems[word] = true
		}
	}
	return stems
}()

// RiskyWords lists the stems that @risky looks for, sorted.
func RiskyWords() []string {
	words := make([]string, 0, len(riskyStems))
	for word := range riskyStems {
		words = append(words, word)
	}
	slices.Sort(words)
	return words
}

// isRisky compares without case and without common endings; "bombing", "stabbed" and "hacking" are found by "bomb", "stab" and "hack".
func isRisky(word string) bool {
	const longest = 32
	if len(word) > longest {
		return false
	}
	word = strings.ToLower(strings.TrimRight(word, "'’"))
	word = strings.TrimSuffix(strings.TrimSuffix(word, "'s"), "’s")
	if riskyStems[word] {
		return true
	}
	for _, ending := range []string{"s", "es", "ed", "d", "er", "ers", "ing", "or", "ors"} {
		stem, ok := strings.CutSuffix(word, ending)
		if !ok || len(stem) < 3 {
			continue
		}
		last := len(stem) - 1
		doubled := stem[last] == stem[last-1] && riskyStems[stem[:last]] // stabbed
		if riskyStems[stem] || riskyStems[stem+"e"] || doubled {
			return true
		}
	}
	return false
}
