// The phone fuzz target without a fuzzer: good requests, and some thousand spoilt ones. Seeds are printed.
#include <google/protobuf/stubs/logging.h>
#include <gtest/gtest.h>

#include "tests/fuzz/phone_fuzz.h"

namespace snowfield::fuzz {
namespace {

constexpr int kChains = 200;
constexpr int kChainLength = 20;

TEST(PhoneFuzz, TakesEveryGoodRequest) {
  for (const std::string& request : GoodPhoneRequests()) TryPhoneRequest(request);
}

TEST(PhoneFuzz, HoldsWhatItSaysForSpoiltRequests) {
  const google::protobuf::LogSilencer silence;  // a line for each text that is no UTF-8
  for (int chain = 0; chain < kChains; ++chain) {
    SCOPED_TRACE(testing::Message() << "seed " << chain);
    for (std::string request : GoodPhoneRequests()) {
      for (int step = 0; step < kChainLength; ++step) {
        request = SpoilPhoneRequest(request, static_cast<uint64_t>(chain) * kChainLength + step);
        TryPhoneRequest(request);
      }
    }
  }
}

}  // namespace
}  // namespace snowfield::fuzz
