// Wire: what clients that are out there rely on, read from descriptors: the numbers, types and labels of fields, the
// numbers of enum values, and the RPCs with their messages, streams and permissions. Names of fields are among it, for
// JSON and text carry them.
// Thread safety: pure.
#pragma once

#include <google/protobuf/descriptor.h>

#include <map>
#include <string>
#include <vector>

namespace snowfield::tests {

// "field snowfield.canvass.v1.Knock.note" -> "7 string".
using Wire = std::map<std::string, std::string>;

// Of a file and of all files of the project that it imports.
Wire WireOf(const google::protobuf::FileDescriptor& file);

// One line for each entry, sorted; and back.
std::string WireToText(const Wire& wire);
Wire WireFromText(const std::string& text);

// What of `before` a client would miss in `now`, a line each. A field may go where its number and its name are
// reserved: an old client's is then passed over, and nobody gives the number another meaning.
std::vector<std::string> Breaks(const Wire& before, const Wire& now);

}  // namespace snowfield::tests
