"""Made-up files in the shapes that HR systems of councils export: their headings, days and words, nobody’s data.

Each holds the same four people: a permanent one who manages, a fixed-term one on reduced hours, one of an agency who
leaves on a day, and a casual one. ``stands`` is what the record says of them afterwards.
"""

# ruff: noqa: E501 - as wide as such files are

from dataclasses import dataclass
from io import BytesIO

from xlsxwriter import Workbook


@dataclass(frozen=True)
class System:
    """A file, by its name, and the payroll numbers of its four people in their order."""

    file_name: str
    data: bytes
    numbers: tuple[str, str, str, str]


def _text(lines: str, encoding: str = "utf-8") -> bytes:
    return "".join(f"{line}\r\n" for line in lines.strip("\n").splitlines()).encode(encoding)


_ITRENT = """
Staff in post
Run on 27/11/2026 06:00

"Personal reference","Payroll reference","Surname","First forename","Known as","Position title","Unit level 1","Unit level 2","Grade","Employment type","Contracted weekly hours","Position start date","Continuous service date","Projected end date","Reports to payroll reference","Work email address"
"P100","000411","O’Brien","Siân","","Head of Care","Adult Social Care","Care Homes","G12","Permanent","37.00","01/06/2024","01/04/2019","","","sian@council.example"
"P101","000412","Nguyễn","Minh","Minh","Carer","Adult Social Care","Care Homes","G4","Fixed term","18.50","01/06/2024","01/02/2021","","000411","minh@council.example"
"P102","000413","Khan","Amina","","Carer","Adult Social Care","Care Homes","G4","Agency worker","37.00","01/06/2026","01/06/2026","31/03/2027","000411",""
"P103","000414","王","芳","","Relief Carer","Adult Social Care","Care Homes","G4","Casual","","01/06/2023","01/06/2023","","000411",""
"""
_SAP = """
Pers.No.\tLast name\tFirst name\tEmployment Status\tEmployee Group\tEmployee Subgroup\tPersonnel Area\tOrganizational Unit\tPosition\tPS group\tWkHrs\tEntry\tEnd Date\tPers.no. of superior\tE-mail
00000411\tO’Brien\tSiân\tActive\tPermanent\tSalaried\tSefton\tCare Homes\tHead of Care\tG12\t37.00\t01.04.2019\t31.12.9999\t00000000\tsian@council.example
00000412\tNguyễn\tMinh\tActive\tFixed term\tSalaried\tSefton\tCare Homes\tCarer\tG4\t18.50\t01.02.2021\t31.12.9999\t00000411\tminh@council.example
00000413\tKhan\tAmina\tActive\tExternal\tHourly\tSefton\tCare Homes\tCarer\tG4\t37.00\t01.06.2026\t31.03.2027\t00000411\t
00000414\t王\t芳\tActive\tCasual\tHourly\tSefton\tCare Homes\tRelief Carer\tG4\t\t01.06.2023\t31.12.9999\t00000411\t
"""
_FUSION = """
Person Number,Assignment Number,Display Name,Work Email,Worker Type,Assignment Category,Assignment Status,Department,Job,Grade,Normal Hours,Hire Date,Projected Termination Date,Line Manager Person Number,Primary Flag
411,E411,Siân O’Brien,sian@council.example,Employee,Full-time regular,Active - Payroll Eligible,Care Homes,Head of Care,G12,37,2019-04-01,,,Y
412,E412,Minh Nguyễn,minh@council.example,Employee,Part-time temporary,Active - Payroll Eligible,Care Homes,Carer,G4,18.5,2021-02-01,,411,Y
413,C413,Amina Khan,,Contingent Worker,Contractor,Active - No Payroll,Care Homes,Carer,G4,37,2026-06-01,2027-03-31,411,Y
414,E414,芳 王,,Employee,Casual,Active - Payroll Eligible,Care Homes,Relief Carer,G4,,2023-06-01,,411,Y
"""
_ZELLIS = """
EMPLOYEE NUMBER,SURNAME,FORENAMES,DIVISION,DEPARTMENT,JOB TITLE,GRADE CODE,EMPLOYEE STATUS,CONTRACT TYPE,HOURS PER WEEK,DATE JOINED,DATE LEFT,MANAGER EMPLOYEE NUMBER,EMAIL ADDRESS
000411,O’BRIEN,Sian,Adult Social Care,Care Homes,Head of Care,G12,CURRENT,PERMANENT,37.00,01-APR-2019,,,SIAN@COUNCIL.EXAMPLE
000412,NGUYEN,Minh,Adult Social Care,Care Homes,Carer,G4,CURRENT,FIXED TERM,18.50,01-FEB-2021,,000411,MINH@COUNCIL.EXAMPLE
000413,KHAN,Amina,Adult Social Care,Care Homes,Carer,G4,CURRENT,AGENCY,37.00,01-JUN-2026,31-MAR-2027,000411,
000414,WANG,Fang,Adult Social Care,Care Homes,Relief Carer,G4,CURRENT,CASUAL,,01-JUN-2023,,000411,
"""
_NORTHGATE = """
Employee Ref|Post Ref|Employee Name|Post Title|Directorate|Section|Salary Grade|Basis|Contract Hours|Date of Joining|Date of Leaving|Line Manager Employee Ref|E-Mail
4110|P1|O’BRIEN, Siân|Head of Care|Adult Social Care|Care Homes|G12|Permanent|37|01/04/19||  |sian@council.example
4120|P2|NGUYỄN, Minh|Carer|Adult Social Care|Care Homes|G4|Fixed Term|18.5|01/02/21||4110|minh@council.example
4130|P3|KHAN, Amina|Carer|Adult Social Care|Care Homes|G4|Agency|37|01/06/26|31/03/27|4110|
4140|P4|王, 芳|Relief Carer|Adult Social Care|Care Homes|G4|Casual||01/06/23||4110|
"""
_UNIT4 = """
ResNo;Resource name;First name;Surname;Position;Position description;Organisational unit;Resource type;FTE;Date from;Date to;Manager ResNo;E-mail
A00411;Siân O’Brien;Siân;O’Brien;P10;Head of Care;Care Homes;Permanent;1,00;2019-04-01;2099-12-31;;sian@council.example
A00412;Minh Nguyễn;Minh;Nguyễn;P11;Carer;Care Homes;Fixed term;0,50;2021-02-01;2099-12-31;A00411;minh@council.example
A00413;Amina Khan;Amina;Khan;P12;Carer;Care Homes;Agency;1,00;2026-06-01;2027-03-31;A00411;
A00414;芳 王;芳;王;P13;Relief Carer;Care Homes;Casual;;2023-06-01;2099-12-31;A00411;
"""


def _dayforce() -> bytes:
    rows = (
        ("Employee XRef Code", "First Name", "Last Name", "Preferred First Name", "Business Email", "Employment Status",
         "Pay Class", "Employment Type", "Job", "Department", "Site", "Normal Weekly Hours", "Hire Date",
         "Termination Date", "Manager Employee XRef Code"),
        ("0000411", "Siân", "O’Brien", "", "sian@council.example", "Active", "FT", "Permanent", "Head of Care",
         "Care Homes", "Town Hall", 37, "4/1/2019", "", ""),
        ("0000412", "Minh", "Nguyễn", "", "minh@council.example", "Active", "PT", "Fixed Term", "Carer", "Care Homes",
         "Town Hall", 18.5, "2/1/2021", "", "0000411"),
        ("0000413", "Amina", "Khan", "", "", "Active", "FT", "Contractor", "Carer", "Care Homes", "Town Hall", 37,
         "6/1/2026", "3/31/2027", "0000411"),
        ("0000414", "芳", "王", "", "", "Active", "PT", "Casual", "Relief Carer", "Care Homes", "Town Hall", "",
         "6/1/2023", "", "0000411"),
    )  # fmt: skip
    file = BytesIO()
    with Workbook(file, {"in_memory": True}) as workbook:
        sheet = workbook.add_worksheet("Employees")
        for place, row in enumerate(rows):
            sheet.write_row(place, 0, row)
    return file.getvalue()


SYSTEMS = {
    "iTrent": System("itrent.csv", _text(_ITRENT, "utf-8-sig"), ("000411", "000412", "000413", "000414")),
    "SAP HCM": System("sap.txt", _text(_SAP, "utf-16"), ("00000411", "00000412", "00000413", "00000414")),
    "Oracle Fusion": System("fusion.csv", _text(_FUSION), ("E411", "E412", "C413", "E414")),
    "ResourceLink": System("zellis.csv", _text(_ZELLIS, "cp1252"), ("000411", "000412", "000413", "000414")),
    "Northgate": System("northgate.txt", _text(_NORTHGATE), ("4110", "4120", "4130", "4140")),
    "Dayforce": System("dayforce.xlsx", _dayforce(), ("0000411", "0000412", "0000413", "0000414")),
    "Unit4": System("unit4.csv", _text(_UNIT4), ("A00411", "A00412", "A00413", "A00414")),
}
