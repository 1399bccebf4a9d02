#include "services/cli/phone_verbs.h"

#include <cstdio>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/list_number.h"
#include "base/status.h"
#include "services/cli/output.h"
#include "services/cli/phone/phone_file.h"
#include "services/cli/phone/simulated_phone.h"
#include "services/rpc/grpc_status.h"
#include "services/rpc/limits.h"
#include "services/rpc/timestamp.h"
#include "snowfield/access/v1/access.grpc.pb.h"

namespace snowfield::cli {
namespace {

// What `phone add` says of a door or a person.
struct FoundOrder {
  int64_t door_id = 0;
  std::string house_number, street, unit;
  std::vector<double> at;  // longitude, latitude
  std::string first_name, last_name, phone, email, note;
  bool later = false;
};

struct PhoneOrder {
  std::string file = "phone.json";
  std::string code;
  std::string label;
  std::string list_number;
  int64_t member_id = 0;
  bool take_over = false;
  int wait_s = 25;
  int64_t phone_id = 0;
  bool typed = false;
  WalkOptions walk;
  FoundOrder found;
};

absl::Status ListPhones(const Session& session, const PhoneOrder& order) {
  SNOWFIELD_ASSIGN_OR_RETURN(const Client client, Client::Open(session));
  const auto stub = access::v1::AccessService::NewStub(client.channel());
  access::v1::ListPhonesRequest request;
  request.set_member_id(order.member_id);
  request.set_page_size(rpc::kPageSizeMax);
  access::v1::ListPhonesResponse all;
  do {
    grpc::ClientContext context;
    client.Prepare(context);
    access::v1::ListPhonesResponse page;
    SNOWFIELD_RETURN_IF_ERROR(rpc::FromGrpcStatus(stub->ListPhones(&context, request, &page)));
    all.mutable_phones()->MergeFrom(page.phones());
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  if (session.json) {
    PrintJson(all);
    return absl::OkStatus();
  }
  Table table({"phone", "member", "label", "enrolled", "revoked"});
  for (const access::v1::Phone& phone : all.phones()) {
    table.AddRow({absl::StrCat(phone.phone_id()), absl::StrCat(phone.member_id()), phone.label(),
                  DateAndTime(phone.create_time()), phone.has_revoke_time() ? DateAndTime(phone.revoke_time()) : ""});
  }
  table.Print();
  return absl::OkStatus();
}

absl::Status RevokePhone(const Session& session, const PhoneOrder& order) {
  SNOWFIELD_ASSIGN_OR_RETURN(const Client client, Client::Open(session));
  grpc::ClientContext context;
  client.Prepare(context);
  access::v1::RevokePhoneRequest request;
  request.set_phone_id(order.phone_id);
  access::v1::RevokePhoneResponse response;
  const auto stub = access::v1::AccessService::NewStub(client.channel());
  SNOWFIELD_RETURN_IF_ERROR(rpc::FromGrpcStatus(stub->RevokePhone(&context, request, &response)));
  if (!session.json) std::printf("phone %lld is revoked\n", static_cast<long long>(order.phone_id));
  return absl::OkStatus();
}

// Loads the phone, does `what`, and keeps what the phone then remembers, also where it failed midway.
absl::Status WithPhone(const Session& session, const PhoneOrder& order,
                       const std::function<absl::Status(SimulatedPhone&)>& what) {
  SNOWFIELD_ASSIGN_OR_RETURN(PhoneMemory memory, ReadPhoneFile(order.file));
  Session where = session;
  if (where.address.empty()) where.address = memory.address;
  SNOWFIELD_ASSIGN_OR_RETURN(const Client client, Client::OpenPublic(where));
  SimulatedPhone phone(client, std::move(memory));
  absl::Status status = what(phone);
  SNOWFIELD_RETURN_IF_ERROR(WritePhoneFile(order.file, phone.memory()));
  return status;
}

absl::Status MakeCode(const Session& session, const PhoneOrder& order) {
  SNOWFIELD_ASSIGN_OR_RETURN(const Client client, Client::Open(session));
  grpc::ClientContext context;
  client.Prepare(context);
  access::v1::CreateEnrolmentCodeRequest request;
  request.set_member_id(order.member_id);
  request.set_typed(order.typed);
  access::v1::CreateEnrolmentCodeResponse response;
  const auto stub = access::v1::AccessService::NewStub(client.channel());
  SNOWFIELD_RETURN_IF_ERROR(rpc::FromGrpcStatus(stub->CreateEnrolmentCode(&context, request, &response)));
  if (session.json) {
    PrintJson(response);
  } else {
    std::printf("%s\nfor one phone, once, until %s\n", response.code().c_str(),
                DateAndTime(response.expire_time()).c_str());
  }
  return absl::OkStatus();
}

absl::Status EnrolPhone(const Session& session, const PhoneOrder& order) {
  SNOWFIELD_ASSIGN_OR_RETURN(const Client client, Client::OpenPublic(session));
  SNOWFIELD_ASSIGN_OR_RETURN(const SimulatedPhone phone,
                             SimulatedPhone::Enrol(client, {.code = order.code, .label = order.label}));
  SNOWFIELD_RETURN_IF_ERROR(WritePhoneFile(order.file, phone.memory()));
  std::printf("phone %lld of member %lld is in %s\n", static_cast<long long>(phone.memory().phone_id),
              static_cast<long long>(phone.memory().member_id), order.file.c_str());
  return absl::OkStatus();
}

absl::Status PrintLists(const Session& session, SimulatedPhone& phone) {
  SNOWFIELD_ASSIGN_OR_RETURN(const auto lists, phone.ListMine());
  if (session.json) {
    canvass::v1::ListMyWalkListsResponse all;
    for (const auto& list : lists) *all.add_walk_lists() = list;
    PrintJson(all);
    return absl::OkStatus();
  }
  Table table({"list", "doors", "done", "walk m", "phones out"});
  for (const auto& list : lists) {
    table.AddRow({list.list_number(), absl::StrCat(list.doors()), absl::StrCat(list.doors_done()),
                  Fixed(list.walk_length_m(), 0),
                  absl::StrCat(list.phones_out(), list.out_here() ? " (this one too)" : "")});
  }
  table.Print();
  return absl::OkStatus();
}

absl::Status CheckOutList(const Session& session, const PhoneOrder& order, SimulatedPhone& phone) {
  SNOWFIELD_ASSIGN_OR_RETURN(const canvass::v1::CheckOutWalkListResponse list,
                             phone.CheckOut(order.list_number, order.take_over));
  if (session.json) {
    PrintJson(list);
  } else {
    std::printf("list %s with %d doors is yours until %s\n", list.list_number().c_str(), list.doors(),
                DateAndTime(list.expire_time()).c_str());
    if (list.taken_from_phones() > 0) std::printf("taken over from %d phones\n", list.taken_from_phones());
  }
  return absl::OkStatus();
}

absl::Status DownloadList(const Session& session, const PhoneOrder& order, SimulatedPhone& phone) {
  SNOWFIELD_ASSIGN_OR_RETURN(const std::string number, base::ParseListNumber(order.list_number, "--list"));
  SNOWFIELD_RETURN_IF_ERROR(phone.Download(number));
  SNOWFIELD_ASSIGN_OR_RETURN(const canvass::v1::DownloadWalkListResponse* list, phone.FindList(number));
  if (session.json) {
    PrintJson(*list);
    return absl::OkStatus();
  }
  Table table({"#", "door", "address", "people", "last result"});
  for (const canvass::v1::ListDoor& door : list->doors()) {
    const std::string address =
        absl::StrCat(door.house_number(), " ", door.street(), door.unit().empty() ? "" : " ", door.unit());
    std::string result;
    if (door.last_result() != canvass::v1::KNOCK_RESULT_UNSPECIFIED) {
      result = WordOf(canvass::v1::KnockResult_Name(door.last_result()), "KNOCK_RESULT_");
    }
    table.AddRow({absl::StrCat(door.sequence()), absl::StrCat(door.door_id()), address,
                  door.do_not_contact() || door.all_voted() ? "pass by" : absl::StrCat(door.people_size()), result});
  }
  table.Print();
  return absl::OkStatus();
}

absl::Status Walk(const Session& session, const PhoneOrder& order, SimulatedPhone& phone) {
  SNOWFIELD_ASSIGN_OR_RETURN(const WalkOutcome outcome, WalkList(phone, order.list_number, order.walk));
  if (session.json) {
    std::printf(
        "{\"doors_knocked\":%d,\"contacts\":%d,\"knocks\":%d,\"accepted\":%d,\"duplicates\":%d,\"conflicts\":%d,"
        "\"rejected\":%d,\"changes\":%d}\n",
        outcome.doors_knocked, outcome.contacts, outcome.knocks, outcome.accepted, outcome.duplicates,
        outcome.conflicts, outcome.rejected, outcome.changes);
  } else {
    std::printf("%d doors knocked at, %d opened, %d passed by; %d knocks, %d accepted, %d known, %d rejected\n",
                outcome.doors_knocked, outcome.contacts, outcome.doors_passed, outcome.knocks, outcome.accepted,
                outcome.duplicates, outcome.rejected);
  }
  for (const canvass::v1::KnockAnswer& answer : phone.memory().rejected) {
    std::fprintf(stderr, "knock %s rejected: %s: %s  [%s]\n", answer.knock_id().c_str(), answer.field().c_str(),
                 answer.message().c_str(), answer.reason().c_str());
  }
  return absl::OkStatus();
}

absl::Status PrintAnswers(const Session& session, const std::vector<canvass::v1::AdditionAnswer>& answers);

absl::Status SendOutbox(const Session& session, SimulatedPhone& phone) {
  SNOWFIELD_ASSIGN_OR_RETURN(const SendOutcome sent, phone.Send());
  std::printf("%d accepted, %d known, %d in conflict, %d rejected\n", sent.accepted, sent.duplicates, sent.conflicts,
              sent.rejected);
  SNOWFIELD_ASSIGN_OR_RETURN(const auto answers, phone.SendAdditions());
  return PrintAnswers(session, answers);
}

absl::Status PrintAnswers(const Session& session, const std::vector<canvass::v1::AdditionAnswer>& answers) {
  if (session.json) {
    canvass::v1::SendAdditionsResponse all;
    for (const auto& answer : answers) *all.add_answers() = answer;
    PrintJson(all);
    return absl::OkStatus();
  }
  for (const canvass::v1::AdditionAnswer& answer : answers) {
    const std::string outcome = WordOf(canvass::v1::KnockOutcome_Name(answer.outcome()), "KNOCK_OUTCOME_");
    const std::string why = answer.reason().empty() ? ""
                                                    : absl::StrCat(": ", answer.field(), ": ", answer.message(), "  [",
                                                                   answer.reason(), "]");
    std::printf("addition %s: %s%s\n", answer.addition_id().c_str(), outcome.c_str(), why.c_str());
  }
  return absl::OkStatus();
}

absl::StatusOr<canvass::v1::Addition> MakeAddition(const PhoneOrder& order) {
  const FoundOrder& found = order.found;
  canvass::v1::Addition addition;
  SNOWFIELD_ASSIGN_OR_RETURN(const std::string number, base::ParseListNumber(order.list_number, "--list"));
  addition.set_list_number(number);
  addition.set_note(found.note);
  if (found.door_id != 0) {
    addition.set_door_id(found.door_id);
  } else if (found.at.size() == 2) {
    canvass::v1::FoundDoor& door = *addition.mutable_found_door();
    door.set_house_number(found.house_number);
    door.set_street(found.street);
    door.set_unit(found.unit);
    door.mutable_position()->set_longitude(found.at[0]);
    door.mutable_position()->set_latitude(found.at[1]);
  } else {
    return base::InvalidField(
        "--door", "DOOR_MISSING",
        "say which door, or where a new one is: --at LONGITUDE,LATITUDE --number 12 --street NAME");
  }
  if (found.first_name.empty() && found.last_name.empty()) return addition;
  canvass::v1::FoundPerson& person = *addition.add_people();
  person.set_first_name(found.first_name);
  person.set_last_name(found.last_name);
  person.set_phone(found.phone);
  person.set_email(found.email);
  return addition;
}

absl::Status AddFound(const Session& session, const PhoneOrder& order, SimulatedPhone& phone) {
  SNOWFIELD_ASSIGN_OR_RETURN(canvass::v1::Addition addition, MakeAddition(order));
  const std::string id = phone.KeepAddition(std::move(addition));
  if (order.found.later) {
    std::printf("addition %s waits for `snowfield phone send`\n", id.c_str());
    return absl::OkStatus();
  }
  SNOWFIELD_ASSIGN_OR_RETURN(const auto answers, phone.SendAdditions());
  return PrintAnswers(session, answers);
}

absl::Status Changes(SimulatedPhone& phone) {
  SNOWFIELD_ASSIGN_OR_RETURN(const int changes, phone.FetchChanges());
  std::printf("%d changes; %zu lists on the phone\n", changes, phone.memory().lists.size());
  return absl::OkStatus();
}

absl::Status WaitForChanges(const Session&, const PhoneOrder& order, SimulatedPhone& phone) {
  SNOWFIELD_ASSIGN_OR_RETURN(const int changes, phone.WaitForChanges(order.list_number, order.wait_s));
  std::printf("%d changes; %zu lists on the phone\n", changes, phone.memory().lists.size());
  return absl::OkStatus();
}

using PhoneVerb = std::function<absl::Status(const Session&, const PhoneOrder&, SimulatedPhone&)>;

// A verb of an enrolled phone.
CLI::App* AddPhoneVerb(CLI::App* phone, Session& session, const std::shared_ptr<PhoneOrder>& order,
                       const std::pair<const char*, const char*>& name_and_help, const PhoneVerb& verb) {
  CLI::App* added = phone->add_subcommand(name_and_help.first, name_and_help.second);
  added->add_option("--phone", order->file, "The phone's file (phone.json)");
  added->callback([&session, order, verb] {
    session.run = [&session, order, verb] {
      return WithPhone(session, *order, [&](SimulatedPhone& p) { return verb(session, *order, p); });
    };
  });
  return added;
}

void AddEnrolVerbs(CLI::App* phone, Session& session, const std::shared_ptr<PhoneOrder>& order) {
  CLI::App* code = phone->add_subcommand("code", "Make a code by which one phone of a member enrols, once");
  code->footer("Example:\n  snowfield phone code --member 12");
  code->add_option("--member", order->member_id, "Whose phone")->required();
  code->add_flag("--typed", order->typed, "A short code for one who can't scan; it lives for 24 hours, not 72");
  code->callback([&session, order] { session.run = [&session, order] { return MakeCode(session, *order); }; });

  CLI::App* all = phone->add_subcommand("list", "The phones of those whom you see");
  all->footer("Example:\n  snowfield phone list --member 12");
  all->add_option("--member", order->member_id, "Only this member's");
  all->callback([&session, order] { session.run = [&session, order] { return ListPhones(session, *order); }; });

  CLI::App* revoke = phone->add_subcommand("revoke", "End a phone at once: it was lost");
  revoke->footer("Example:\n  snowfield phone revoke 7");
  revoke->add_option("phone_id", order->phone_id, "Which")->required();
  revoke->callback([&session, order] { session.run = [&session, order] { return RevokePhone(session, *order); }; });

  CLI::App* enrol = phone->add_subcommand("enrol", "Turn a code into a phone, kept in a file");
  enrol->footer(
      "Example:\n  snowfield phone enrol --code 17-ABCD-EFGH-JKMN-PQRS --label \"Ida's phone\" --out ida.json");
  enrol->add_option("--code", order->code, "The one-time code")->required();
  enrol->add_option("--label", order->label, "What to call it");
  enrol->add_option("--out", order->file, "The phone's file (phone.json)");
  enrol->callback([&session, order] { session.run = [&session, order] { return EnrolPhone(session, *order); }; });
}

void AddFoundFlags(CLI::App& add, FoundOrder& found) {
  add.footer(
      "Examples:\n  snowfield phone add --list 1234-5678 --door 17 --first Noor --last Haddad\n"
      "  snowfield phone add --list 1234-5678 --number 12 --street \"Elm St\" --unit B --at -77.03,38.9");
  add.add_option("--door", found.door_id, "A door of the list, where someone was found");
  add.add_option("--number", found.house_number, "House number of a new door");
  add.add_option("--street", found.street, "Its street");
  add.add_option("--unit", found.unit, "Its unit");
  add.add_option("--at", found.at, "Where it is: LONGITUDE,LATITUDE")->delimiter(',')->expected(2);
  add.add_option("--first", found.first_name, "First name of who was found there");
  add.add_option("--last", found.last_name, "Last name");
  add.add_option("--tel", found.phone, "Phone number");
  add.add_option("--email", found.email, "E-mail address");
  add.add_option("--note", found.note, "For who reviews it");
  add.add_flag("--later", found.later, "Keep it in the phone's file, for `phone send`");
}

void AddListVerbs(CLI::App* phone, Session& session, const std::shared_ptr<PhoneOrder>& order) {
  AddPhoneVerb(phone, session, order, {"lists", "Walk lists that this phone may take out"},
               [](const Session& s, const PhoneOrder&, SimulatedPhone& p) { return PrintLists(s, p); });
  const auto with_list = [&](CLI::App* verb) {
    verb->add_option("--list", order->list_number, "The walk list's number")->required();
    return verb;
  };
  CLI::App* checkout =
      with_list(AddPhoneVerb(phone, session, order, {"checkout", "Take a list out, for 12 hours"}, CheckOutList));
  checkout->add_flag("--take-over", order->take_over, "Take it from the phones that have it out; they are told");
  checkout->footer("Example:\n  snowfield phone checkout --list 1234-5678 --phone ed.json --take-over");
  CLI::App* wait =
      with_list(AddPhoneVerb(phone, session, order, {"wait", "Wait for what happens on a list"}, WaitForChanges));
  wait->add_option("--seconds", order->wait_s, "At most so long (25)")->check(CLI::Range(1, 50));
  wait->footer("Example:\n  snowfield phone wait --list 1234-5678 --seconds 50");
  with_list(AddPhoneVerb(phone, session, order, {"download", "Get a list that is out, to work offline"}, DownloadList));
  with_list(
      AddPhoneVerb(phone, session, order, {"return", "Hand a list back and erase it here"},
                   [](const Session&, const PhoneOrder& o, SimulatedPhone& p) { return p.Return(o.list_number); }));
  AddFoundFlags(*with_list(AddPhoneVerb(phone, session, order,
                                        {"add", "Report a door or a person that is on no list, for review"}, AddFound)),
                order->found);
  CLI::App* walk = with_list(
      AddPhoneVerb(phone, session, order, {"walk", "Take out, download, knock at each door in order, and send"}, Walk));
  walk->footer("Example:\n  snowfield phone walk --list 1234-5678 --seed 7 --contact-rate 0.25");
  walk->add_option("--seed", order->walk.seed, "Which made-up households answer (1)");
  walk->add_option("--contact-rate", order->walk.contact_rate, "Share of doors that open (0.25)");
  walk->add_option("--limit", order->walk.door_count_max, "Stop after so many doors (0: all)");
}

}  // namespace

void AddPhoneVerbs(CLI::App& app, Session& session) {
  CLI::App* phone = app.add_subcommand("phone", "Enrol and play a simulated phone")->require_subcommand(1);
  const auto order = std::make_shared<PhoneOrder>();
  AddEnrolVerbs(phone, session, order);
  AddListVerbs(phone, session, order);
  AddPhoneVerb(phone, session, order, {"send", "Send what is in the outbox"},
               [](const Session& s, const PhoneOrder&, SimulatedPhone& p) { return SendOutbox(s, p); });
  AddPhoneVerb(phone, session, order, {"changes", "Learn what happened on the lists"},
               [](const Session&, const PhoneOrder&, SimulatedPhone& p) { return Changes(p); });
}

}  // namespace snowfield::cli
