// What the phone fuzz target and its replay do with bytes that say they are a phone's request.
// Thread safety: pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace snowfield::fuzz {

// The first byte chooses one of the requests of CanvassService, the others are its wire form. Checks, hashes and reads
// what is in it as the server does before it asks the database. Aborts where something answers other than it says.
void TryPhoneRequest(std::string_view bytes);

// One good request of each kind, in the form that TryPhoneRequest takes.
std::vector<std::string> GoodPhoneRequests();

// Another one in the place of `bytes`, spoilt by the seed; the same kind of request.
std::string SpoilPhoneRequest(std::string_view bytes, uint64_t seed);

}  // namespace snowfield::fuzz
