// SPDX-License-Identifier: Apache-2.0

// tlog lets Go's sumdb code and ours check each other: it reads one JSON object with our proofs and notes, verifies all of them
// with golang.org/x/mod, and answers with roots, proofs, tiles and a signed note of its own for the same entries ("entry 0", "entry 1", ...).
package main

import (
	"encoding/json"
	"fmt"
	"os"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

type inclusion struct {
	Size, Index int64
	Proof       []tlog.Hash
}

type consistency struct {
	Old, New int64
	Proof    []tlog.Hash
}

type request struct {
	Roots         map[int64]tlog.Hash
	Inclusions    []inclusion
	Consistencies []consistency
	TileSize      int64
	Note, Key     string
	SignerKey     string
	Text          string
}

type tile struct {
	Path string
	Data []byte
}

type answer struct {
	Roots         map[int64]tlog.Hash
	Inclusions    []inclusion
	Consistencies []consistency
	Tiles         []tile
	Note          string
}

func check(err error, what ...any) {
	if err != nil {
		fmt.Fprintln(os.Stderr, append(what, err)...)
		os.Exit(1)
	}
}

func main() {
	var in request
	check(json.NewDecoder(os.Stdin).Decode(&in), "request")

	var largest int64
	for size := range in.Roots {
		if size > largest {
			largest = size
		}
	}
	var stored []tlog.Hash
	reader := tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		var hashes []tlog.Hash
		for _, i := range indexes {
			hashes = append(hashes, stored[i])
		}
		return hashes, nil
	})
	entry := func(i int64) []byte { return []byte(fmt.Sprintf("entry %d", i)) }
	for i := int64(0); i < largest; i++ {
		hashes, err := tlog.StoredHashes(i, entry(i), reader)
		check(err, "stored hashes")
		stored = append(stored, hashes...)
	}

	out := answer{Roots: map[int64]tlog.Hash{}}
	for size := range in.Roots {
		root, err := tlog.TreeHash(size, reader)
		check(err, "root", size)
		out.Roots[size] = root
	}
	for _, p := range in.Inclusions {
		check(tlog.CheckRecord(p.Proof, p.Size, in.Roots[p.Size], p.Index, tlog.RecordHash(entry(p.Index))), "inclusion", p.Index, p.Size)
		proof, err := tlog.ProveRecord(p.Size, p.Index, reader)
		check(err, "inclusion", p.Index, p.Size)
		out.Inclusions = append(out.Inclusions, inclusion{p.Size, p.Index, proof})
	}
	for _, p := range in.Consistencies {
		check(tlog.CheckTree(p.Proof, p.New, in.Roots[p.New], p.Old, in.Roots[p.Old]), "consistency", p.Old, p.New)
		proof, err := tlog.ProveTree(p.New, p.Old, reader)
		check(err, "consistency", p.Old, p.New)
		out.Consistencies = append(out.Consistencies, consistency{p.Old, p.New, proof})
	}
	for _, t := range tlog.NewTiles(8, 0, in.TileSize) {
		data, err := tlog.ReadTileData(t, reader)
		check(err, "tile", t)
		path := fmt.Sprintf("%d/%d/%d", t.L, t.N, t.W)
		out.Tiles = append(out.Tiles, tile{path, data})
	}

	verifier, err := note.NewVerifier(in.Key)
	check(err, "key")
	_, err = note.Open([]byte(in.Note), note.VerifierList(verifier))
	check(err, "note")
	signer, err := note.NewSigner(in.SignerKey)
	check(err, "signer")
	signed, err := note.Sign(&note.Note{Text: in.Text}, signer)
	check(err, "sign")
	out.Note = string(signed)
	check(json.NewEncoder(os.Stdout).Encode(out), "answer")
}
