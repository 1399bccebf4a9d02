#include "services/paper/keys/signs.h"

#include "absl/strings/str_cat.h"

namespace snowfield::paper {
namespace wire = canvass::v1;

std::vector<PacketCode> ResultSigns() {
  return {{wire::KNOCK_RESULT_CANVASSED, "CV", "Canvassed: someone talked with you"},
          {wire::KNOCK_RESULT_NOT_HOME, "NH", "Not home"},
          {wire::KNOCK_RESULT_REFUSED, "RF", "Refused to talk"},
          {wire::KNOCK_RESULT_COME_BACK, "CB", "Come back at another time: say when in the notes"},
          {wire::KNOCK_RESULT_MOVED, "MV", "Moved away"},
          {wire::KNOCK_RESULT_DECEASED, "DC", "Has died"},
          {wire::KNOCK_RESULT_WRONG_ADDRESS, "WA", "Wrong address: never lived here, or no such door"},
          {wire::KNOCK_RESULT_INACCESSIBLE, "IN", "Can't be reached: gate, dog, doorman"},
          {wire::KNOCK_RESULT_VACANT, "VC", "Nobody lives here"},
          {wire::KNOCK_RESULT_LANGUAGE_BARRIER, "LB", "No common language: say which in the notes"},
          {wire::KNOCK_RESULT_HOSTILE, "HO", "Threats, or it felt unsafe: leave"},
          {wire::KNOCK_RESULT_LITERATURE_LEFT, "LL", "Nobody opened, leaflet left"},
          {wire::KNOCK_RESULT_ALREADY_VOTED, "AV", "Has voted already"},
          {wire::KNOCK_RESULT_DO_NOT_CONTACT, "DN", "Does not want to be contacted again"}};
}

PacketCode AskSign(wire::AskKind ask) {
  switch (ask) {
    case wire::ASK_KIND_VOLUNTEER:
      return {ask, "volunteer", "Would you help, an hour or two?"};
    case wire::ASK_KIND_HOST_MEETING:
      return {ask, "host", "Would you have neighbours in for a small meeting?"};
    case wire::ASK_KIND_YARD_SIGN:
      return {ask, "sign", "May we put up a yard sign?"};
    case wire::ASK_KIND_SIGN_PETITION:
      return {ask, "petition", "Will you sign the petition?"};
    case wire::ASK_KIND_DONATE:
      return {ask, "donate", "Will you give something?"};
    case wire::ASK_KIND_VOTE_PLAN:
      return {ask, "vote plan", "Do you know when and where you will vote?"};
    default:
      return {ask, absl::StrCat("ask ", static_cast<int>(ask)), ""};
  }
}

}  // namespace snowfield::paper
