// Source: where a call comes from, as far as limits need to tell one from another.
//
// An IPv4 address counts as itself, an IPv6 one by its /64, which is what one subscriber has. Kept and compared as a
// hash: addresses are never stored or logged. Thread safety: pure.
#pragma once

#include <string>
#include <string_view>

namespace snowfield::access {

// The 32-byte hash of the network that gRPC's `peer` ("ipv4:192.0.2.7:5000", "ipv6:[2001:db8::1]:5000", "unix:") is in.
// Where a proxy is trusted, `forwarded` is its x-forwarded-for, of which the last entry counts: the only one that the
// proxy itself wrote; empty where there is none.
std::string SourceOf(std::string_view peer, std::string_view forwarded);

// Whether the call comes from this machine itself: from a proxy that is not believed, or from a tool. Then nobody can
// be told from anybody by the source.
bool IsThisMachine(std::string_view peer);

// The network in clear, for tests: "192.0.2.7", "2001:db8:0:0::/64", or the whole text where it is no address.
std::string NetworkOf(std::string_view peer, std::string_view forwarded);

}  // namespace snowfield::access
